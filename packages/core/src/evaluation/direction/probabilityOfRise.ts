import { assertNever } from '../../errors.ts';
import { normalCdf } from '../normal.ts';
import type { Uncertainty } from '../uncertainty.ts';

/**
 * Probability of an outcome above 0 that an uncertain forecast implies.
 *
 * Of a Normal in closed form; of draws their share above 0, those at 0 counting half; of quantiles linear between their levels, and
 * beyond the outermost one half of what they leave.
 * @param values [rows], point forecasts; NaN = not predicted
 * @returns [rows], in [0, 1]; NaN where any number of the forecast is
 */
export function probabilityOfRise(values: Float64Array, uncertainty: Uncertainty): Float64Array {
  switch (uncertainty.kind) {
    case 'normal':
      return values.map((value, row) => normalCdf(value / uncertainty.deviations[row]!));
    case 'draws': {
      const { draws, perRow } = uncertainty;
      return values.map((value, row) => {
        if (Number.isNaN(value)) return Number.NaN;
        const own = draws.subarray(row * perRow, (row + 1) * perRow);
        return own.reduce((above, draw) => above + (1 + Math.sign(draw)) / 2, 0) / perRow;
      });
    }
    case 'quantiles': {
      const { levels, values: quantiles } = uncertainty;
      return values.map((value, row) => {
        const own = quantiles.subarray(row * levels.length, (row + 1) * levels.length);
        return Number.isNaN(value) || own.some(Number.isNaN) ? Number.NaN : 1 - levelOfZero(own, levels);
      });
    }
    default:
      return assertNever(uncertainty);
  }
}

/** Level at which ascending quantiles pass 0; in the middle of those at which they stand at 0. */
function levelOfZero(quantiles: Float64Array, levels: readonly number[]): number {
  const last = levels.length - 1;
  if (quantiles[0]! > 0) return levels[0]! / 2;
  if (quantiles[last]! < 0) return (levels[last]! + 1) / 2;
  const above = quantiles.findIndex((value) => value >= 0);
  const below = quantiles.findLastIndex((value) => value <= 0);
  if (above <= below) return (levels[above]! + levels[below]!) / 2;
  const share = -quantiles[below]! / (quantiles[above]! - quantiles[below]!);
  return levels[below]! + share * (levels[above]! - levels[below]!);
}
