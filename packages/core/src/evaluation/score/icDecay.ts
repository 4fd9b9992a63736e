import type { Panel, RowIndices } from '../../panel/panel.ts';
import { type IcFigures, icFigures } from '../informationCoefficient.ts';
import { finitePairs } from '../pairs.ts';

/** Returns of another horizon, e.g. of `forwardReturns`. */
export interface Horizon {
  readonly name: string;
  /** Bars ahead that its label looks, the entry lag included. */
  readonly labelBars: number;
  /** [panel.rows]; NaN = not known. */
  readonly target: Float64Array;
}

export interface IcAtHorizon extends IcFigures {
  readonly name: string;
  readonly labelBars: number;
  readonly rows: number;
  /** Rows that miss score or target. */
  readonly leftOut: number;
}

/**
 * How long a score keeps its worth: its IC and Rank IC against returns of several horizons, each with its own overlap in the
 * standard errors.
 * @param input.scores [rows]; NaN = none
 * @throws DomainError SHAPE_MISMATCH
 */
export function icDecay(input: {
  readonly panel: Panel;
  readonly rows: RowIndices;
  readonly scores: Float64Array;
  readonly horizons: readonly Horizon[];
}): IcAtHorizon[] {
  const { panel, rows, scores, horizons } = input;
  return horizons.map(({ name, labelBars, target }) => {
    const pairs = finitePairs({ panel, target, rows, predictions: scores });
    return {
      name,
      labelBars,
      rows: pairs.bars.length,
      leftOut: pairs.leftOut,
      ...icFigures(pairs, labelBars),
    };
  });
}
