import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runDirectory, trainingDirectory } from '@twostage/core/runs/runDirectory';
import { outcomeSchema, trainingSpecSchema } from '@twostage/core/runs/training';
import { z } from 'zod';
import { writeJsonAtomically } from './files.ts';

/** What outcome.json holds: that a training ended, and how. Written last, atomically. */
export const trainingRecordSchema = z.object({
  training: trainingSpecSchema,
  outcome: outcomeSchema,
  seconds: z.number(),
  peakRssBytes: z.number().nullable(),
});
export type TrainingRecord = z.infer<typeof trainingRecordSchema>;

export const trainingFolder = (runDir: string, id: string): string => path.join(runDir, runDirectory.training(id));

export const writeTrainingRecord = (runDir: string, record: TrainingRecord): Promise<void> =>
  writeJsonAtomically(path.join(trainingFolder(runDir, record.training.id), trainingDirectory.outcome), record);

/** null where the training has not ended (no file, or not a whole one). */
export async function readTrainingRecord(runDir: string, id: string): Promise<TrainingRecord | null> {
  try {
    const text = await readFile(path.join(trainingFolder(runDir, id), trainingDirectory.outcome), 'utf8');
    const parsed = trainingRecordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
