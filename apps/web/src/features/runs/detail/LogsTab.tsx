'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, Download, Search } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { RunDetail } from '../../../server/contracts/runs.ts';
import { useTRPCClient } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { inputClass, Select } from '../../../ui/Field.tsx';
import { count } from '../../../ui/format.ts';
import { choiceParam, useQueryState } from '../../../ui/queryState.ts';
import { useRunView } from '../live/useLiveRun.ts';
import { downloadLogs } from './downloadLogs.ts';
import { LogRow } from './LogRow.tsx';
import { filterLogs, logStreams } from './logFilter.ts';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';

const rowHeight = 20;
/** Scrolling this soon after an input is taken for the person's own. */
const handMs = 500;

/** What the runner and its children wrote, newest last; only the lines in sight are in the page. */
export function LogsTab({ run }: { run: RunDetail }) {
  const { view, revision: drawn } = useRunView('logs', 33);
  const { params, set } = useQueryState();
  const training = params.get('training');
  const stream = choiceParam(params.get('stream'), ['', ...logStreams] as const, '');
  const [text, setText] = useState('');
  const [follow, setFollow] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; `drawn` says when
  const lines = useMemo(
    () => filterLogs(view.logs, { training, stream: stream === '' ? null : stream, text }),
    [drawn, training, stream, text],
  );
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // Lines stream in while it scrolls: a draw of its own at every scroll event would starve the page.
    useFlushSync: false,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: to the end whenever the lines change
  useLayoutEffect(() => {
    const element = scroller.current;
    if (follow && element) element.scrollTop = element.scrollHeight;
  }, [follow, lines]);
  // Lines that come in scroll too: only a hand on wheel, key, bar or screen may end or resume the following.
  const handAt = useRef(Number.NEGATIVE_INFINITY);
  const onHand = () => {
    handAt.current = performance.now();
  };
  const onScroll = () => {
    const element = scroller.current;
    if (!element || performance.now() - handAt.current > handMs) return;
    setFollow(element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight * 1.5);
  };
  return (
    <section aria-label="Logs" className="overflow-hidden rounded-lg border border-line bg-surface shadow-flat">
      <div className="flex flex-wrap items-center gap-2 border-line border-b p-2">
        <div className="relative min-w-40 flex-1 sm:max-w-64">
          <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-3 text-faint" />
          <input
            type="search"
            data-page-filter
            aria-label="Filter the lines"
            placeholder="Text in the line"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={inputClass(false, 'pl-7')}
          />
        </div>
        <Select
          aria-label="Training"
          value={training ?? ''}
          onChange={(event) => set({ training: event.target.value })}
          className="w-auto max-w-52"
        >
          <option value="">Every training</option>
          {[...view.trainings.values()].map(({ spec }) => (
            <option key={spec.id} value={spec.id}>
              {trainingTitle(spec)}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Stream"
          value={stream}
          onChange={(event) => set({ stream: event.target.value })}
          className="w-auto"
        >
          <option value="">Every stream</option>
          {logStreams.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
        <span className="text-faint text-xs">{count(lines.length)} lines</span>
        <div className="ml-auto flex items-center gap-2">
          <Button
            variant={follow ? 'primary' : 'secondary'}
            aria-pressed={follow}
            onClick={() => setFollow(!follow)}
            icon={<ArrowDownToLine aria-hidden className="size-3.5" />}
          >
            Follow
          </Button>
          <DownloadButton run={run} filter={{ training, stream: stream === '' ? null : stream, text }} />
        </div>
      </div>
      <div
        ref={scroller}
        onScroll={onScroll}
        onWheel={onHand}
        onTouchMove={onHand}
        onPointerDown={onHand}
        onKeyDown={onHand}
        role="log"
        aria-label="Log lines"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="scroll-thin h-[min(60vh,40rem)] overflow-auto bg-sunken font-mono text-xs focus-visible:outline-offset-[-2px]"
      >
        {lines.length === 0 && (
          <p className="p-4 font-sans text-muted text-sm">
            {view.logs.length === 0 ? 'Nothing was written yet.' : 'No line matches the filter.'}
          </p>
        )}
        <div className="relative min-w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <LogRow key={item.key} line={lines[item.index]!} top={item.start} height={rowHeight} />
          ))}
        </div>
      </div>
    </section>
  );
}

function DownloadButton({ run, filter }: { run: RunDetail; filter: Parameters<typeof downloadLogs>[2] }) {
  const client = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      await downloadLogs((input) => client.runs.events.query(input), run, filter);
    } catch (error) {
      toast.error('The log could not be downloaded', {
        description: error instanceof Error ? error.message : undefined,
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button busy={busy} onClick={() => void download()} icon={<Download aria-hidden className="size-3.5" />}>
      Download
    </Button>
  );
}
