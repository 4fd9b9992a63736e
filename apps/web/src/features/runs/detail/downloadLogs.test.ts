import type { LoggedEvent } from '@twostage/core/runs/events';
import { expect, it } from 'vitest';
import { collectLogs } from './downloadLogs.ts';

const all: LoggedEvent[] = Array.from({ length: 12 }, (_, index) => ({
  runId: 'r',
  seq: index + 1,
  at: index,
  event:
    index % 3 === 0
      ? { kind: 'stage.started', stage: 'cpu' }
      : { kind: 'log', training: null, stream: index % 2 === 0 ? 'stdout' : 'stderr', line: `line ${index + 1}` },
}));

it('reads page after page to the end and keeps the lines that match', async () => {
  const asked: number[] = [];
  const lines = await collectLogs(
    async ({ afterSeq }) => {
      asked.push(afterSeq);
      const events = all.filter((event) => event.seq > afterSeq).slice(0, 5);
      const lastSeq = events.at(-1)?.seq ?? afterSeq;
      return { events, lastSeq, hasMore: lastSeq < all.length };
    },
    'r',
    { training: null, stream: 'stderr', text: '' },
  );
  expect(asked).toEqual([0, 5, 10]);
  expect(lines.map((line) => line.seq)).toEqual([2, 6, 8, 12]);
});
