import type { LogLine } from '@twostage/core/runs/view';
import { cx } from '../../../ui/cx.ts';
import { logTime, plainText } from './logFilter.ts';

const streamTone = { stdout: 'text-ink', stderr: 'text-warn', runner: 'text-muted' } as const;

/** One line at its place in the scrolling area; offsets in CSS pixels. */
export const LogRow = ({ line, top, height }: { line: LogLine; top: number; height: number }) => (
  <div
    className="absolute left-0 flex w-max min-w-full gap-3 whitespace-pre px-3 leading-5 hover:bg-hover"
    style={{ top, height }}
  >
    <span className="select-none text-faint">{logTime(line)}</span>
    <span className="w-28 shrink-0 select-none truncate text-faint" title={line.training ?? 'run'}>
      {line.training?.split('.')[0] ?? 'run'}
    </span>
    <span className={cx(streamTone[line.stream])}>{plainText(line.line)}</span>
  </div>
);
