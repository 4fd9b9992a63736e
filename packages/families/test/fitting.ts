import { resolveParameters } from '@twostage/core/families/parameters';
import type { FamilyId } from '@twostage/core/families/family';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { catalogue } from '../src/catalogue.ts';
import type { FitInput, FitProgress, FittedModel, PredictInput, Trainer } from '../src/trainer.ts';
import { rowsBetween, type Simulated } from './simulatedPanel.ts';

export interface Fitted {
  readonly model: FittedModel;
  readonly progress: FitProgress[];
  readonly notes: string[];
}

/** Input of a fit on the first rows of a simulation, the next ones for validation. */
export function fitInput(
  family: FamilyId,
  { panel, target }: Simulated,
  given: Record<string, number | boolean | string> = {},
  changed: Partial<FitInput> = {},
): FitInput {
  return {
    panel,
    target,
    targets: [{ name: 'target', values: target, labelBars: 1 }],
    train: rowsBetween(0, Math.floor(panel.rows * 0.6)),
    validation: rowsBetween(Math.floor(panel.rows * 0.6), Math.floor(panel.rows * 0.8)),
    parameters: resolveParameters(catalogue[family], given),
    lookback: 1,
    seed: 5,
    threads: 1,
    device: 'cpu',
    report: async () => {},
    note: () => {},
    ...changed,
  };
}

/** Fits, keeps what was said, and closes the model when the test ends. */
export async function fit(trainer: Trainer, input: FitInput): Promise<Fitted> {
  const progress: FitProgress[] = [];
  const notes: string[] = [];
  const model = await trainer.fit({
    ...input,
    report: async (said) => {
      progress.push(said);
      await input.report(said);
    },
    note: (line) => notes.push(line),
  });
  onTestFinished(() => model.close());
  return { model, progress, notes };
}

/** Input of a prediction for the rows after those of `fitInput`. */
export function testInput({ panel }: Simulated): PredictInput {
  const rows = rowsBetween(Math.floor(panel.rows * 0.8), panel.rows);
  return { panel, rows, lookback: 1, threads: 1, device: 'cpu' };
}

/** An empty folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'twostage-model-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Saves a model, loads it, and returns what the loaded one predicts. */
export async function roundTrip(trainer: Trainer, model: FittedModel, input: PredictInput): Promise<Float64Array> {
  const folder = await temporaryFolder();
  await model.save(folder);
  const loaded = await trainer.load(folder, 1, 'cpu');
  onTestFinished(() => loaded.close());
  return (await loaded.predict(input)).values;
}
