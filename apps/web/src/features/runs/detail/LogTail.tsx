'use client';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { useQueryState } from '../../../ui/queryState.ts';
import { useRunView } from '../live/useLiveRun.ts';
import { logTime, plainText } from './logFilter.ts';

const shown = 12;

/** The newest lines of the log, and the way to all of them. */
export function LogTail() {
  const { view } = useRunView('logs', 250);
  const { set } = useQueryState();
  const lines = view.logs.slice(-shown);
  return (
    <Panel
      title="Newest log lines"
      flush
      aside={
        <Button size="sm" variant="ghost" onClick={() => set({ tab: 'logs', training: null })}>
          All logs
        </Button>
      }
    >
      {lines.length === 0 ? (
        <p className="px-4 py-3 text-muted">Nothing was written yet.</p>
      ) : (
        <ol className="px-4 py-2 font-mono text-2xs leading-5">
          {lines.map((line) => (
            <li key={line.seq} className="flex gap-2">
              <span className="text-faint">{logTime(line)}</span>
              <span className={cx('min-w-0 truncate', line.stream === 'stderr' && 'text-warn')} title={line.line}>
                {plainText(line.line)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
