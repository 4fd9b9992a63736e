import type { FeatureSet } from '@twostage/core/runs/config';
import type { FeatureExpression } from '@twostage/core/runs/featureExpressions';
import { Database } from '../database.ts';
import { loadBars } from '../loadBars.ts';
import { openSource, type Source } from '../openSource.ts';
import { takenNames } from './planFeatures.ts';
import { findFeatureFaults } from './userFeatures.ts';

/** So many symbols show whether an expression can be computed; more only take longer. */
const mostSymbols = 8;

/**
 * Tries features on a few of a folder's symbols, chosen so that their files have every column.
 * @returns messages by name of the features that cannot be, and the symbols on which they were tried
 * @throws DomainError as `openSource` and `loadBars` do; CANCELLED
 */
export async function checkFeaturesOf(
  dataDir: string,
  features: FeatureSet,
  expressions: readonly FeatureExpression[],
  options: { threads: number; signal?: AbortSignal },
): Promise<{ faults: Map<string, string>; symbols: string[] }> {
  const db = await Database.open(options);
  try {
    const symbols = coveringSymbols(await openSource(db, dataDir));
    const source = await openSource(db, dataDir, symbols);
    const loaded = await loadBars(db, source);
    const taken = takenNames(features, loaded, source.description);
    return { faults: await findFeatureFaults(db, loaded, expressions, taken), symbols };
  } finally {
    db.close();
  }
}

/** The first symbol, and each whose files have a column that none before has. */
function coveringSymbols({ symbols, files }: Source): string[] {
  const seen = new Set<string>();
  const chosen: string[] = [];
  for (const { symbol, files: own } of symbols) {
    const columns = own.flatMap((index) => files[index]!.columns.map(({ name }) => name.toLowerCase()));
    if (chosen.length > 0 && columns.every((name) => seen.has(name))) continue;
    for (const name of columns) seen.add(name);
    chosen.push(symbol);
    if (chosen.length === mostSymbols) break;
  }
  return chosen;
}
