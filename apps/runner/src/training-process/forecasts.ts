import { concatUncertainty } from '@twostage/core/evaluation/concatUncertainty';
import type { BarRange } from '@twostage/core/evaluation/blockRows';
import type { PathPlan } from '@twostage/core/evaluation/planValidation';
import { sliceUncertainty } from '@twostage/core/evaluation/sliceUncertainty';
import type { Panel } from '@twostage/core/panel/panel';
import type { Forecast } from './judge.ts';
import { concatFloat64, concatUint32 } from './trainingFiles.ts';

/** Forecasts of several blocks, a model each, as one, in their order. */
export function pool(parts: readonly Forecast[]): Forecast {
  const [first] = parts;
  const perRow = ({ rows, trainMeans }: Forecast, target: number): Float64Array => {
    const mean = trainMeans[target]!;
    return typeof mean === 'number' ? new Float64Array(rows.length).fill(mean) : mean;
  };
  const uncertainties = parts.flatMap(({ uncertainty }) => uncertainty ?? []);
  return {
    rows: concatUint32(parts.map(({ rows }) => rows)),
    blocks: concatUint32(parts.map(({ rows }, i) => new Uint32Array(rows.length).fill(i))),
    byTarget: first!.byTarget.map((_, i) => concatFloat64(parts.map(({ byTarget }) => byTarget[i]!))),
    trainMeans: first!.trainMeans.map((_, i) => concatFloat64(parts.map((part) => perRow(part, i)))),
    probabilities: first!.probabilities.map((own, i) =>
      own === null ? null : concatFloat64(parts.map(({ probabilities }) => probabilities[i]!)),
    ),
    ...(uncertainties.length > 0 && { uncertainty: concatUncertainty(uncertainties) }),
  };
}

/**
 * The backtest paths of combinatorial splits, each a forecast of the whole calendar in time order.
 * @param forecasts [splits], of their test rows
 */
export function pathForecasts(
  { groups, paths }: PathPlan,
  forecasts: readonly Forecast[],
  panel: Pick<Panel, 'barOf'>,
): Forecast[] {
  return paths.map((splits) => pool(groups.map((range, group) => within(forecasts[splits[group]!]!, range, panel))));
}

/** Of a forecast in time order the rows of some bars. */
function within(forecast: Forecast, range: BarRange, { barOf }: Pick<Panel, 'barOf'>): Forecast {
  const { rows, byTarget, trainMeans, probabilities, uncertainty } = forecast;
  const placeOf = (bar: number) => {
    const place = rows.findIndex((row) => barOf[row]! >= bar);
    return place < 0 ? rows.length : place;
  };
  const [start, end] = [placeOf(range.start), placeOf(range.end)];
  return {
    rows: rows.subarray(start, end),
    byTarget: byTarget.map((values) => values.subarray(start, end)),
    trainMeans: trainMeans.map((mean) => (typeof mean === 'number' ? mean : mean.subarray(start, end))),
    probabilities: probabilities.map((values) => values?.subarray(start, end) ?? null),
    ...(uncertainty && { uncertainty: sliceUncertainty(uncertainty, start, end) }),
  };
}
