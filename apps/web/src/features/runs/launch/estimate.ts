import type { RunRow } from '../../../server/contracts/runs.ts';

/**
 * How long a run of so many trainings may take, judged by earlier runs on the same data: their median time a training.
 * @returns milliseconds, null where no earlier run tells
 */
export function estimateMs(
  earlier: readonly Pick<RunRow, 'startedAt' | 'endedAt' | 'trainings'>[],
  trainings: number,
): number | null {
  const each = earlier
    .flatMap(({ startedAt, endedAt, trainings: { total } }) =>
      startedAt && endedAt && total > 0 ? (endedAt.getTime() - startedAt.getTime()) / total : [],
    )
    .sort((a, b) => a - b);
  if (each.length === 0 || trainings === 0) return null;
  const middle = Math.floor(each.length / 2);
  const median = each.length % 2 === 1 ? each[middle]! : (each[middle - 1]! + each[middle]!) / 2;
  return median * trainings;
}
