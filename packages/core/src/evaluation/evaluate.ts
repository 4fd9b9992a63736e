import { DomainError } from '../errors.ts';
import type { Metrics } from '../runs/training.ts';
import { icFigures } from './informationCoefficient.ts';
import { countDistinct, finitePairs, type PairInput } from './pairs.ts';
import { pointErrors } from './pointErrors.ts';

/** `predictions` are in the target's unit. */
export interface EvaluationInput extends PairInput {
  /** Mean target of the training rows; one a row where rows of several folds are pooled. */
  readonly trainMean: number | Float64Array;
  readonly labelBars: number;
}

/**
 * Figures of point predictions over one test block, or over all of them pooled: of `icFigures` and of `pointErrors`, where what each
 * one means is said. Lags of all t values and standard errors: see `neweyWestLags`.
 *
 * Whatever is not defined is null, never NaN.
 * @throws DomainError SHAPE_MISMATCH
 */
export function evaluate(input: EvaluationInput): Metrics {
  const { labelBars, trainMean, rows } = input;
  if (typeof trainMean !== 'number' && trainMean.length !== rows.length)
    throw new DomainError('SHAPE_MISMATCH', `expected ${rows.length} training means, got ${trainMean.length}`);
  const pairs = finitePairs(input);
  const { positions, bars } = pairs;
  const trainMeans = new Float64Array(positions.length);
  for (let k = 0; k < positions.length; k++)
    trainMeans[k] = typeof trainMean === 'number' ? trainMean : trainMean[positions[k]!]!;
  const { icKind, ic, rankIc, icir, icT, missing } = icFigures(pairs, labelBars);
  const { mse, mae, r2, hitRate } = pointErrors({ ...pairs, trainMeans, labelBars });
  return {
    rows: positions.length,
    leftOut: pairs.leftOut,
    bars: countDistinct(bars),
    icKind,
    ic: ic.value,
    rankIc: rankIc.value,
    icir: icir.value,
    icT,
    ...(missing && { icMissing: missing }),
    mse: mse.value,
    mae: mae.value,
    r2: r2.value,
    hitRate: hitRate.value,
    standardErrors: {
      ic: ic.standardError,
      rankIc: rankIc.standardError,
      icir: icir.standardError,
      mse: mse.standardError,
      mae: mae.standardError,
      r2: r2.standardError,
      hitRate: hitRate.standardError,
    },
  };
}
