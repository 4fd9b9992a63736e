import { selectTrials, type Trial } from '@twostage/core/evaluation/selection/selectTrials';
import type { Selection } from '@twostage/core/runs/selection';
import type { TrainingView } from '@twostage/core/runs/view';
import { readPortfolio } from '@twostage/data/portfolio';
import { resultOf } from './leaderboard.ts';
import { trainingFolder } from './trainingRecord.ts';

/**
 * What choosing the best of a run's completed trainings is worth, target by target, in the order in which they were planned: by the net
 * returns that the trainings left in the run's folder. A training that could not be traded is no trial.
 * @throws DomainError CORRUPT_DATASET where a portfolio can't be read
 */
export async function judgeRun(runDir: string, trainings: readonly TrainingView[]): Promise<Selection[]> {
  const byTarget = new Map<string, { trials: Trial[]; barsPerYear: number }>();
  for (const training of trainings) {
    const result = resultOf(training);
    const barsPerYear = result?.metrics.portfolio?.barsPerYear;
    if (barsPerYear === undefined) continue;
    const { id } = training.spec;
    for (const { target, bars, net } of await readPortfolio(trainingFolder(runDir, id))) {
      const known = byTarget.get(target) ?? { trials: [], barsPerYear };
      byTarget.set(target, known);
      known.trials.push({ training: id, net: { bars, values: net } });
    }
  }
  return [...byTarget].map(([target, { trials, barsPerYear }]) => selectTrials(target, trials, barsPerYear));
}
