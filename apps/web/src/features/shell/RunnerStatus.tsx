'use client';
import Link from 'next/link';
import { Button } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { cx } from '../../ui/cx.ts';
import { ago, plural } from '../../ui/format.ts';
import { Popover, PopoverContent, PopoverTrigger } from '../../ui/Popover.tsx';
import { useSystemStatus } from './useSystemStatus.ts';

const startCommand = 'npx twostage daemon';

/** A dot that says whether someone is there to train, and what to do where nobody is. */
export function RunnerStatus() {
  const { data, isError, noRunner } = useSystemStatus();
  if (!data && !isError) return null;
  const online = data?.runners.filter((runner) => runner.online) ?? [];
  const label = isError
    ? 'server not reached'
    : online.length > 0
      ? `${plural(online.length, 'runner')} online`
      : 'no runner';
  const dot = isError ? 'bg-bad' : online.length > 0 ? 'bg-good' : 'bg-warn';
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" aria-label={`Runners: ${label}`} className="max-lg:px-2">
          <span aria-hidden className={cx('size-2 rounded-full', dot)} />
          <span className="max-lg:sr-only">{label}</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-80 max-w-[calc(100vw-1rem)] p-3" aria-label="Runners">
        {isError && <p className="text-bad">The server does not answer. It is asked again every 5 seconds.</p>}
        {noRunner && (
          <>
            <p className="font-medium">No runner is online</p>
            <p className="mt-1 text-muted">Runs wait in the queue until one is. Start one with</p>
            <div className="mt-2 flex items-center gap-2 rounded border border-line bg-sunken py-1 pr-1 pl-2">
              <code className="min-w-0 flex-1 truncate font-mono text-xs">{startCommand}</code>
              <CopyButton text={startCommand} label="Copy the command" size="sm" />
            </div>
          </>
        )}
        {data && data.runners.length > 0 && (
          <ul className={cx('space-y-2', online.length === 0 && 'mt-3 border-line border-t pt-3')}>
            {data.runners.map((runner) => (
              <li key={runner.id} className="flex items-start gap-2">
                <span
                  aria-hidden
                  className={cx('mt-1.5 size-2 shrink-0 rounded-full', runner.online ? 'bg-good' : 'bg-line-strong')}
                />
                <div className="min-w-0">
                  <p className="truncate font-medium">
                    {runner.name} <span className="font-normal text-faint text-xs">{runner.host}</span>
                  </p>
                  <p className="text-muted text-xs">
                    {runner.run ? (
                      <Link href={`/runs/${runner.run.id}`} className="text-accent hover:underline">
                        training #{runner.run.number} {runner.run.name}
                      </Link>
                    ) : runner.online ? (
                      'idle'
                    ) : (
                      `last seen ${ago(runner.lastSeenAt, data.now.getTime())}`
                    )}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
        {data && (
          <p className="mt-3 border-line border-t pt-2 text-faint text-xs">
            {plural(data.queuedRuns, 'run')} queued, {data.activeRuns} active
          </p>
        )}
      </PopoverContent>
    </Popover>
  );
}
