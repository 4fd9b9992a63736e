'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronRight, CornerLeftUp, FileText, Folder } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '../../trpc/client.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { inputClass } from '../../ui/Field.tsx';
import { bytes, day, plural } from '../../ui/format.ts';

const row = 'flex w-full items-center gap-2 rounded px-2 py-1 text-left text-xs hover:bg-hover';
const filterFrom = 8;

/** Folders below the data roots, as the server sees them: one is opened by a click and chosen by a button. */
export function FolderBrowser({ chosen, onChoose }: { chosen: string; onChoose: (path: string) => void }) {
  const trpc = useTRPC();
  const [place, setPlace] = useState<string | null>(null);
  const [filter, setFilter] = useState('');
  const found = useQuery(trpc.datasets.browse.queryOptions({ path: place }, { placeholderData: keepPreviousData }));
  const open = (path: string | null) => {
    setFilter('');
    setPlace(path);
  };
  const { folders = [], files = [], fileCount = 0, parent = null } = found.data ?? {};
  const shown = folders.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()));
  return (
    <section aria-label="Folders of the data roots" className="rounded-md border border-line">
      <header className="flex min-h-9 flex-wrap items-center gap-2 border-line border-b px-2 py-1">
        <Button
          size="sm"
          variant="ghost"
          disabled={place === null}
          onClick={() => open(parent)}
          icon={<CornerLeftUp aria-hidden className="size-3.5" />}
        >
          Up
        </Button>
        <span className="min-w-0 flex-1 truncate font-mono text-2xs" title={place ?? undefined}>
          {place ?? 'Data roots'}
        </span>
        {folders.length > filterFrom && (
          <input
            type="search"
            aria-label="Find folders"
            placeholder="Find"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            className={inputClass(false, 'h-7 w-24 text-xs')}
          />
        )}
      </header>
      <ul aria-label="Folders" className="scroll-thin max-h-44 overflow-y-auto p-1">
        {shown.map(({ name, path, modified, registeredAs }) => (
          <li key={path}>
            <button type="button" onClick={() => open(path)} className={row}>
              <Folder aria-hidden className="size-3.5 shrink-0 text-faint" />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              {registeredAs !== null && <Badge>{registeredAs}</Badge>}
              <span className="text-2xs text-faint">{day(modified)}</span>
              <ChevronRight aria-hidden className="size-3 shrink-0 text-faint" />
            </button>
          </li>
        ))}
        {files.slice(0, 20).map(({ name, bytes: size, modified }) => (
          <li key={name} className={cx(row, 'text-muted hover:bg-transparent')}>
            <FileText aria-hidden className="size-3.5 shrink-0 text-faint" />
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="text-2xs text-faint">{bytes(size)}</span>
            <span className="text-2xs text-faint">{day(modified)}</span>
          </li>
        ))}
        {found.isSuccess && folders.length === 0 && files.length === 0 && (
          <li className="px-2 py-1.5 text-faint text-xs">No folder and no file of data here.</li>
        )}
        {found.isError && <li className="px-2 py-1.5 text-bad text-xs">{found.error.message}</li>}
      </ul>
      {place !== null && (
        <footer className="flex flex-wrap items-center gap-2 border-line border-t px-2 py-1.5">
          <Button
            size="sm"
            variant={fileCount > 0 ? 'primary' : 'secondary'}
            disabled={chosen === place}
            onClick={() => onChoose(place)}
          >
            {chosen === place ? 'Chosen' : 'Choose this folder'}
          </Button>
          <span className="text-muted text-xs">{plural(fileCount, 'file')} of data directly in it</span>
        </footer>
      )}
    </section>
  );
}
