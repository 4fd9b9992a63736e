import type { LogLine } from '@twostage/core/runs/view';
import type { RunDetail, RunEventsPage } from '../../../server/contracts/runs.ts';
import { saveText } from '../../../ui/saveText.ts';
import { filterLogs, type LogFilter, logText } from './logFilter.ts';

type ReadEvents = (input: { runId: string; afterSeq: number; limit: number }) => Promise<RunEventsPage>;

/** Every line of the run that the filter lets through, from the event log: the page itself keeps the last ones only. */
export async function collectLogs(readEvents: ReadEvents, runId: string, filter: LogFilter): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let afterSeq = 0;
  for (;;) {
    const page = await readEvents({ runId, afterSeq, limit: 5000 });
    for (const { seq, at, event } of page.events) {
      if (event.kind === 'log') {
        lines.push({ seq, at, training: event.training, stream: event.stream, line: event.line });
      }
    }
    if (!page.hasMore || page.lastSeq <= afterSeq) return filterLogs(lines, filter);
    afterSeq = page.lastSeq;
  }
}

export async function downloadLogs(readEvents: ReadEvents, run: Pick<RunDetail, 'id' | 'number'>, filter: LogFilter) {
  const lines = await collectLogs(readEvents, run.id, filter);
  saveText(`run-${run.number}.log`, `${lines.map(logText).join('\n')}\n`);
}
