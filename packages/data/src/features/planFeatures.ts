import type { DatasetDescription } from '@twostage/core/runs/datasetDescription';
import { DomainError } from '@twostage/core/errors';
import type { FeatureSet, Normalisation } from '@twostage/core/runs/config';
import type { FeatureExpression } from '@twostage/core/runs/featureExpressions';
import type { Database } from '../database.ts';
import type { LoadedBars } from '../loadBars.ts';
import { smallestCrossSection } from '../crossSection.ts';
import { descriptionFile } from '../datasetDescription.ts';
import { alpha158Columns } from './alpha158/catalogue.ts';
import { availableBasicFeatures, type BasicFeature } from './basic.ts';
import { planUserFeatures, type UserFeaturePlan } from './userFeatures.ts';

export interface FeatureSettings {
  readonly features: FeatureSet;
  readonly normalisation: Normalisation;
  /** The user's own features. */
  readonly expressions: readonly FeatureExpression[];
}

/** The columns of a dataset's features, in this order: those of the set, the files' own, the user's. */
export interface FeaturePlan {
  readonly names: readonly string[];
  /** Which of the 158. */
  readonly alpha: readonly number[];
  readonly basic: readonly BasicFeature[];
  /** Names of the files' own. */
  readonly given: readonly string[];
  readonly user: readonly UserFeaturePlan[];
  readonly normalisation: Exclude<Normalisation, 'auto'>;
}

/**
 * @throws DomainError BAD_FILE where the features are said to be given and there are none, INVALID_INPUT for an expression that
 *   cannot be a feature
 */
export async function planFeatures(
  db: Database,
  loaded: LoadedBars,
  description: DatasetDescription | null,
  settings: FeatureSettings,
): Promise<FeaturePlan> {
  const set = chosenSet(settings.features, description);
  const own = settings.expressions.some(({ name }) => !name.startsWith('_'));
  if (set === 'given' && loaded.extras.length === 0 && !own) refuseNothingGiven(settings.features);
  const builtIn = builtInFeatures(set, loaded);
  const before = namesBefore(builtIn.names, loaded);
  const user = await planUserFeatures(db, loaded, settings.expressions, new Set(before));
  return {
    ...builtIn,
    given: before.slice(builtIn.names.length),
    names: [...before, ...user.map((feature) => feature.name)],
    user,
    normalisation: chosenNormalisation(settings.normalisation, set, loaded.symbols.length),
  };
}

/** Names that the user's own features find taken. */
export const takenNames = (
  features: FeatureSet,
  loaded: LoadedBars,
  description: DatasetDescription | null,
): ReadonlySet<string> => new Set(namesBefore(builtInNames(features, loaded, description), loaded));

const namesBefore = (builtIn: readonly string[], { extras }: LoadedBars): string[] => [
  ...builtIn,
  ...extraNames(extras, builtIn),
];

/** The computed features that a folder's bars allow; none where the features are given. */
export const builtInNames = (
  features: FeatureSet,
  loaded: LoadedBars,
  description: DatasetDescription | null,
): string[] => builtInFeatures(chosenSet(features, description), loaded).names;

function builtInFeatures(
  set: Exclude<FeatureSet, 'auto'>,
  { prices, vwap }: LoadedBars,
): { names: string[]; alpha: number[]; basic: BasicFeature[] } {
  const basic = set === 'basic' ? availableBasicFeatures(prices) : [];
  const allowed = ({ name, needs }: (typeof alpha158Columns)[number]) =>
    needs.every((price) => prices.has(price)) || (name === 'VWAP0' && vwap);
  const alpha = set === 'alpha158' ? [...alpha158Columns.keys()].filter((i) => allowed(alpha158Columns[i]!)) : [];
  return { names: [...alpha.map((i) => alpha158Columns[i]!.name), ...basic.map(({ name }) => name)], alpha, basic };
}

function chosenSet(features: FeatureSet, description: DatasetDescription | null): Exclude<FeatureSet, 'auto'> {
  if (features !== 'auto') return features;
  return description?.features === 'given' ? 'given' : 'alpha158';
}

/** What is given is on the scale that its maker chose; across few symbols nothing can be said of what is usual. */
function chosenNormalisation(
  normalisation: Normalisation,
  set: FeatureSet,
  symbols: number,
): Exclude<Normalisation, 'auto'> {
  if (symbols < smallestCrossSection) return 'none';
  if (normalisation !== 'auto') return normalisation;
  return set === 'given' ? 'none' : 'robust-z';
}

function refuseNothingGiven(features: FeatureSet): never {
  const says = features === 'auto' ? `${descriptionFile} says` : 'it was said';
  throw new DomainError(
    'BAD_FILE',
    `${says} that the features are given, but no file has a numeric column beside prices, volume and targets`,
    { field: 'features' },
  );
}

/** Letters, digits and underscores only, because LightGBM's model text takes no others; a name taken gets `_file`. */
function extraNames(extras: readonly string[], builtIn: readonly string[]): string[] {
  const taken = new Set(builtIn);
  return extras.map((extra) => {
    let name = extra.replace(/[^\p{L}\p{N}_]/gu, '_');
    while (taken.has(name)) name += '_file';
    taken.add(name);
    return name;
  });
}
