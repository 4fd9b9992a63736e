import { assertNever } from '../errors.ts';
import type { Uncertainty } from './uncertainty.ts';

/** The uncertainty of rows `start` (included) to `end` (excluded). */
export function sliceUncertainty(whole: Uncertainty, start: number, end: number): Uncertainty {
  switch (whole.kind) {
    case 'quantiles': {
      const { length } = whole.levels;
      return { ...whole, values: whole.values.subarray(start * length, end * length) };
    }
    case 'normal':
      return { ...whole, deviations: whole.deviations.subarray(start, end) };
    case 'draws':
      return { ...whole, draws: whole.draws.subarray(start * whole.perRow, end * whole.perRow) };
    default:
      return assertNever(whole);
  }
}
