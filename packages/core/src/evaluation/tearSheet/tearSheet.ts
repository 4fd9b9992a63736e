import { type Figure, figureSchema } from '../../runs/figures.ts';
import { directionPart } from './directionPart.ts';
import { symbolPart, regimePart } from './groupParts.ts';
import { icOverTimePart } from './icOverTimePart.ts';
import { type Part, rounded, type TearSheetInput } from './part.ts';
import { monthPart, portfolioPart } from './portfolioPart.ts';
import { autocorrelationPart, horizonPart, quantilePart } from './scoreParts.ts';

export interface TearSheet {
  /** Valid, without a number that is not finite. */
  readonly figures: readonly Figure[];
  /** What is left out, and why. */
  readonly notes: readonly string[];
}

const parts: readonly ((input: TearSheetInput) => Part)[] = [
  portfolioPart,
  icOverTimePart,
  horizonPart,
  quantilePart,
  monthPart,
  autocorrelationPart,
  symbolPart,
  regimePart,
  directionPart,
];

/**
 * How good the forecasts of a training were, drawn from all its test blocks together: what trading on them earned, the IC over time and
 * by horizon, returns by quantile, how slowly the score changes, and the figures by symbol and by market regime.
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT
 */
export function tearSheet(input: TearSheetInput): TearSheet {
  const drawn = parts.map((part) => part(input));
  return {
    figures: drawn.flatMap(({ figures }) => figures.map((figure) => rounded(figureSchema.parse(figure)))),
    notes: drawn.flatMap(({ notes }) => notes),
  };
}
