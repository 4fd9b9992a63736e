import { DomainError } from '../errors.ts';
import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import type { RunConfig } from '../runs/config.ts';

/** What a run has to offer its families. */
export interface Offer {
  readonly scope: RunConfig['scope'];
  /** null: not known before the data are read. */
  readonly symbols: number | null;
  readonly targets: number;
}

export interface Suitable {
  readonly families: readonly FamilyDefinition[];
  /** One line a family that is left out, wholly or in one of two scopes: what it needs, and what there is. */
  readonly leftOut: readonly string[];
}

/** Whether one model of the family may be trained on that many symbols; unknown counts as enough. */
export const trainsOn = ({ minimum }: FamilyDefinition, symbols: number | null): boolean =>
  symbols === null || symbols >= minimum.symbols;

/**
 * The families that can be trained on what there is. Those that the user named must all be.
 * @throws DomainError INVALID_INPUT where one that was named can't be, or none is left
 */
export function chooseSuitable(
  families: readonly FamilyDefinition[],
  named: readonly FamilyId[],
  offer: Offer,
): Suitable {
  const kept: FamilyDefinition[] = [];
  const leftOut: string[] = [];
  for (const family of families) {
    const lack = whatLacks(family, offer);
    if (lack === null) {
      kept.push(family);
      if (offer.scope === 'both' && !trainsOn(family, 1))
        leftOut.push(`${family.id} has no models of one symbol: it needs ${count(family.minimum.symbols, 'symbol')}`);
      continue;
    }
    if (named.includes(family.id))
      throw new DomainError('INVALID_INPUT', `${family.id} cannot be trained: ${lack}`, { field: 'families' });
    leftOut.push(`${family.id} is left out: ${lack}`);
  }
  if (kept.length > 0 || families.length === 0) return { families: kept, leftOut };
  throw new DomainError('INVALID_INPUT', `nothing to train: ${leftOut.join('; ')}`, { field: 'families' });
}

/** Why no model of the family can be trained on what there is; null where one can. */
export function whatLacks(family: FamilyDefinition, { scope, symbols, targets }: Offer): string | null {
  const { minimum } = family;
  if (targets < minimum.targets)
    return `it needs at least ${count(minimum.targets, 'target')}, there ${isAre(targets)} ${targets}`;
  if (scope === 'symbol' && !trainsOn(family, 1))
    return `it needs at least ${count(minimum.symbols, 'symbol')}, a model of one symbol has 1`;
  if (symbols !== null && !trainsOn(family, symbols))
    return `it needs at least ${count(minimum.symbols, 'symbol')}, there ${isAre(symbols)} ${symbols}`;
  return null;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const isAre = (n: number): string => (n === 1 ? 'is' : 'are');
