import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import { chooseSuitable, type Offer } from './suitability.ts';

const family = (id: FamilyId, symbols = 1, targets = 1): FamilyDefinition => ({
  id,
  title: id,
  summary: '',
  source: '',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'typescript',
  input: 'tabular',
  output: 'point',
  targets: targets > 1 ? 'together' : 'each',
  minimum: { symbols, targets },
  threads: 'one',
  parameters: z.object({}),
});
const plain = family('LightGBM');
/** Stand-ins: any family may ask for symbols or targets. */
const acrossSymbols = family('XGBoost', 2);
const acrossTargets = family('MLP', 1, 2);
const all = [plain, acrossSymbols, acrossTargets];

describe('chooseSuitable', () => {
  it.each<[Offer, string[], string[]]>([
    [{ scope: 'crossSectional', symbols: 31, targets: 3 }, ['LightGBM', 'XGBoost', 'MLP'], []],
    [{ scope: 'crossSectional', symbols: null, targets: 3 }, ['LightGBM', 'XGBoost', 'MLP'], []],
    [
      { scope: 'crossSectional', symbols: 1, targets: 1 },
      ['LightGBM'],
      [
        'XGBoost is left out: it needs at least 2 symbols, there is 1',
        'MLP is left out: it needs at least 2 targets, there is 1',
      ],
    ],
    [
      { scope: 'symbol', symbols: 31, targets: 3 },
      ['LightGBM', 'MLP'],
      ['XGBoost is left out: it needs at least 2 symbols, a model of one symbol has 1'],
    ],
    [
      { scope: 'both', symbols: 31, targets: 3 },
      ['LightGBM', 'XGBoost', 'MLP'],
      ['XGBoost has no models of one symbol: it needs 2 symbols'],
    ],
    [
      { scope: 'both', symbols: 1, targets: 3 },
      ['LightGBM', 'MLP'],
      ['XGBoost is left out: it needs at least 2 symbols, there is 1'],
    ],
  ])('%j leaves %j', (offer, kept, leftOut) => {
    const chosen = chooseSuitable(all, [], offer);
    expect(chosen.families.map(({ id }) => id)).toEqual(kept);
    expect(chosen.leftOut).toEqual(leftOut);
  });

  it.each<[FamilyId[], Offer, string]>([
    [
      ['LightGBM', 'XGBoost'],
      { scope: 'crossSectional', symbols: 1, targets: 1 },
      'XGBoost cannot be trained: it needs at least 2 symbols, there is 1',
    ],
    [
      ['XGBoost'],
      { scope: 'symbol', symbols: null, targets: 1 },
      'XGBoost cannot be trained: it needs at least 2 symbols, a model of one symbol has 1',
    ],
    [
      ['MLP'],
      { scope: 'both', symbols: null, targets: 1 },
      'MLP cannot be trained: it needs at least 2 targets, there is 1',
    ],
  ])('refuses %j, named, of %j', (named, offer, message) => {
    expect(() => chooseSuitable(all, named, offer)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message, field: 'families' }),
    );
  });

  it('refuses a run of which nothing is left', () => {
    expect(() => chooseSuitable([acrossTargets], [], { scope: 'crossSectional', symbols: 3, targets: 1 })).toThrow(
      'nothing to train: MLP is left out: it needs at least 2 targets, there is 1',
    );
  });
});
