import { calibrated, fitSigmoid } from '@twostage/core/evaluation/direction/sigmoidCalibration';
import type { FoldRows } from '@twostage/core/evaluation/blockRows';
import { realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { RowIndices } from '@twostage/core/panel/panel';
import type { FittedModel, Prediction } from '@twostage/families/trainer';
import { type Forecast, forecastOf, type JudgeInput } from './judge.ts';
import type { TrainJob } from './protocol.ts';
import { meanTarget } from './trainingFiles.ts';

/** Predicts a fold's test rows; outcomes are told as they become known. Of directions it says probabilities too. */
export async function foldForecast(
  model: FittedModel,
  rows: FoldRows,
  judging: JudgeInput,
  job: Pick<TrainJob, 'lookback' | 'threads' | 'device'>,
): Promise<Forecast> {
  const { panel, targets } = judging;
  const [first] = targets;
  const { lookback, threads, device } = job;
  const realised = realisedLabels(panel, first!.values, first!.labelBars);
  const predict = (asked: RowIndices) => model.predict({ panel, rows: asked, realised, lookback, threads, device });
  const prediction = await predict(rows.test);
  const trainMeans = targets.map(({ values }) => meanTarget(values, rows.train));
  const probabilities = await probabilitiesOf(prediction, () => predict(rows.validation), rows, judging);
  return forecastOf(prediction, rows.test, judging, { trainMeans, probabilities });
}

/**
 * Probabilities of a rise, of those targets that are directions: as the model says them, else of its score by a sigmoid fitted on the
 * validation block, which is purged; the test block decides nothing.
 * @returns [targets]; null of a target that is none
 */
async function probabilitiesOf(
  prediction: Prediction,
  predictValidation: () => Promise<Prediction>,
  { validation }: FoldRows,
  { targets }: JudgeInput,
): Promise<(Float64Array | null)[]> {
  const columns = prediction.byTarget ?? [prediction.values];
  if (!targets.some(({ direction }) => direction)) return targets.map(() => null);
  if (prediction.probabilities) return targets.map(({ direction }, i) => (direction ? columns[i]! : null));
  const stopped = await predictValidation();
  const scores = stopped.byTarget ?? [stopped.values];
  return targets.map(({ direction, values }, i) => {
    if (!direction) return null;
    const risen = Float64Array.from(validation, (row) => values[row]!);
    return calibrated(fitSigmoid(scores[i]!, risen), columns[i]!);
  });
}
