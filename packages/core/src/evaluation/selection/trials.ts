import { DomainError } from '../../errors.ts';

/** @param trials [trials][bars] @throws DomainError SHAPE_MISMATCH where they differ in length */
export function checkSameBars(trials: readonly Float64Array[]): void {
  const lengths = new Set(trials.map((trial) => trial.length));
  if (lengths.size > 1)
    throw new DomainError('SHAPE_MISMATCH', `expected trials over the same bars, got ${[...lengths].join(' and ')}`);
}
