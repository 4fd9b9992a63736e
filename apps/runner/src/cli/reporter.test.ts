import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '@twostage/core/runs/events';
import type { Metrics } from '@twostage/core/runs/training';
import { emptyRunView } from '@twostage/core/runs/view';
import { expect, it } from 'vitest';
import { lineReporter } from './reporter.ts';

const training = 'Ensemble.fwd_ret_1d.all';
const metrics = (part: Partial<Metrics>): Metrics => ({
  ...{ rows: 10, bars: 5, icKind: 'crossSectional', rankIc: null, icir: null, icT: null },
  ...{ ic: null, mse: null, mae: null, r2: null, hitRate: null },
  ...part,
});
const foldEnded = (fold: number, figures: Partial<Metrics>): RunEvent => ({
  kind: 'training.foldEnded',
  training,
  result: {
    ...{ fold, trainRows: 8, validationRows: 1, testRows: 1, testStart: 0, testEnd: 1 },
    ...{ bestStep: 3, bestValidationLoss: 1, seconds: 1.5, metrics: metrics(figures) },
  },
});
const progress = (phase: 'loading' | 'training', step: number, totalSteps: number): RunEvent => ({
  kind: 'training.progress',
  training,
  progress: {
    ...{ phase, fold: 0, folds: 3, step, totalSteps, bestStep: null, bestValidationLoss: null },
    ...{ trainLoss: null, validationLoss: null, rowsPerSecond: null, elapsedMs: 1, etaMs: null },
    ...{ rssBytes: 1, threads: 2 },
  },
});

/** @param events one every ten seconds, so that no progress is too soon */
function linesOf(...events: RunEvent[]): string[] {
  const lines: string[] = [];
  const reporter = lineReporter('quality.json', (line) => lines.push(stripVTControlCharacters(line)));
  for (const [index, event] of events.entries()) {
    reporter.event({ runId: 'r', seq: index + 1, at: index * 10_000 + 10_000, event }, emptyRunView());
  }
  return lines;
}

it('counts steps once they are known', () => {
  expect(linesOf(progress('loading', 0, 0), progress('training', 5, 40))).toEqual([
    `${training}: fold 1/3, loading`,
    `${training}: fold 1/3, training 5/40`,
  ]);
});

it('says the IC of a fold, or why there is none', () => {
  const missing: Partial<Metrics>[] = [
    { icMissing: 'constantPredictions' },
    { icMissing: 'constantTargets' },
    { icMissing: 'tooFewPairs' },
    { icMissing: 'constantPredictions', icKind: 'timeSeries' },
    {},
  ];
  expect(linesOf(...[{ ic: 0.0213 }, ...missing].map((figures, fold) => foldEnded(fold, figures)))).toEqual([
    `${training}: fold 1 done in 1.5s, IC 0.0213`,
    `${training}: fold 2 done in 1.5s, IC not defined: the forecasts of each bar are all the same`,
    `${training}: fold 3 done in 1.5s, IC not defined: the targets of each bar are all the same`,
    `${training}: fold 4 done in 1.5s, IC not defined: too few forecasts to correlate`,
    `${training}: fold 5 done in 1.5s, IC not defined: the forecasts are all the same`,
    `${training}: fold 6 done in 1.5s, IC not defined`,
  ]);
});
