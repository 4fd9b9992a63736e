import type { LogLine } from '@twostage/core/runs/view';
import { clock } from '../../../ui/format.ts';

export const logStreams = ['stdout', 'stderr', 'runner'] as const;
export interface LogFilter {
  /** null: of every training, and the runner's own. */
  readonly training: string | null;
  readonly stream: (typeof logStreams)[number] | null;
  readonly text: string;
}

export function filterLogs(lines: readonly LogLine[], { training, stream, text }: LogFilter): LogLine[] {
  const wanted = text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (training === null || line.training === training) &&
      (stream === null || line.stream === stream) &&
      (wanted === '' || line.line.toLowerCase().includes(wanted)),
  );
}

/** One line of the file that is downloaded: time, where from, text. */
export const logText = ({ at, training, stream, line }: LogLine): string =>
  `${new Date(at).toISOString()} ${training ?? 'run'} ${stream} ${line}`;

/** Without the colours a program meant for a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ansi = /\u001b\[[0-9;]*[A-Za-z]/g;
export const plainText = (line: string): string => line.replace(ansi, '');

export const logTime = (line: LogLine): string => clock(line.at);
