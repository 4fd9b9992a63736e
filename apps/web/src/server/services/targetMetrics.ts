import { type Metrics, trainingResultSchema } from '@twostage/core/runs/training';
import type { Database, Training } from '@twostage/prisma/client';

/** Metrics by target, in the targets' order. */
export type TargetMetrics = ReadonlyMap<string, Metrics>;
export const targetKey = ({ runId, key }: Pick<Training, 'runId' | 'key'>): string => `${runId} ${key}`;

const byTargetSchema = trainingResultSchema.shape.byTarget.unwrap();

/**
 * Results by target of those trainings that learn several together. The table of trainings holds the first target's; the
 * event with which a training ended holds all, among figures that are too large to be read for this.
 * @returns by `targetKey`; without an entry for a training of one target
 */
export async function readTargetMetrics(
  prisma: Database,
  runIds: readonly string[],
): Promise<Map<string, TargetMetrics>> {
  const rows = await prisma.$queryRaw<{ runId: string; key: string; byTarget: unknown }[]>`
    SELECT run_id AS "runId", event->>'training' AS key, event#>'{outcome,result,byTarget}' AS "byTarget"
    FROM run_event
    WHERE run_id = ANY(${runIds}) AND kind = 'training.ended' AND event#>'{outcome,result,byTarget}' IS NOT NULL
    ORDER BY seq`;
  return new Map(
    rows.map(({ runId, key, byTarget }) => [
      targetKey({ runId, key }),
      new Map(byTargetSchema.parse(byTarget).map(({ target, metrics }) => [target, metrics])),
    ]),
  );
}
