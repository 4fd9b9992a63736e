import { assertNever, DomainError } from '../errors.ts';
import type { Uncertainty } from './uncertainty.ts';

/**
 * Uncertainties of several blocks of rows as one, in their order.
 * @param parts of one kind, with the same levels or the same number of draws a row; at least one
 * @throws DomainError SHAPE_MISMATCH
 */
export function concatUncertainty(parts: readonly Uncertainty[]): Uncertainty {
  const [first] = parts;
  if (!first || parts.some((part) => shapeOf(part) !== shapeOf(first)))
    throw new DomainError('SHAPE_MISMATCH', `expected forecasts of one shape, got ${parts.map(shapeOf).join(' and ')}`);
  const numbers = joined(parts.map(numbersOf));
  switch (first.kind) {
    case 'quantiles':
      return { ...first, values: numbers };
    case 'normal':
      return { ...first, deviations: numbers };
    case 'draws':
      return { ...first, draws: numbers };
    default:
      return assertNever(first);
  }
}

function shapeOf(part: Uncertainty): string {
  switch (part.kind) {
    case 'quantiles':
      return `quantiles at ${part.levels.join(', ')}`;
    case 'normal':
      return 'deviations';
    case 'draws':
      return `${part.perRow} draws a row`;
    default:
      return assertNever(part);
  }
}

function numbersOf(part: Uncertainty): Float64Array {
  switch (part.kind) {
    case 'quantiles':
      return part.values;
    case 'normal':
      return part.deviations;
    case 'draws':
      return part.draws;
    default:
      return assertNever(part);
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
