import { writeFile } from 'node:fs/promises';
import { type DatasetManifest, datasetFiles } from '@twostage/core/panel/panel';
import type { Database } from './database.ts';
import { DatasetFiles, readColumns } from './datasetWriter.ts';
import type { FeaturePlan } from './features/planFeatures.ts';
import { writeFeatures } from './features/writeFeatures.ts';
import type { LoadedBars } from './loadBars.ts';
import { groupByBar } from './crossSection.ts';
import { outputName, type TargetPlan, targetQuery } from './targets.ts';

/** Changes when the same input would give other bytes. */
const featureSetVersion = 2;

/** The rows of the dataset, before any value is read. */
export interface Shape {
  /** [bars] epoch milliseconds */
  readonly times: Float64Array;
  readonly rows: number;
  /** [symbols] the row of a symbol's first bar */
  readonly firstRow: Uint32Array;
}

/**
 * Writes the columns and the manifest of a dataset (`core/panel/panel.ts`) from the tables of `loadBars`.
 * @param lagBars bars between a row and the entry of its label
 * @throws DomainError CANCELLED; INVALID_INPUT for a user's feature that cannot be computed on these data
 */
export async function writeDataset(
  db: Database,
  directory: string,
  loaded: LoadedBars,
  { times, rows, firstRow }: Shape,
  targets: readonly TargetPlan[],
  lagBars: number,
  features: FeaturePlan,
): Promise<DatasetManifest> {
  const written = new DatasetFiles(directory);
  const symbols = loaded.symbols.map(({ symbol }) => symbol);
  const barOf = new Uint32Array(rows);
  await readColumns(db, 'bars', ['bar'], rows, firstRow, async (values) => barOf.set(values));
  const symbolOf = new Uint32Array(rows);
  firstRow.forEach((first, symbol) => {
    symbolOf.fill(symbol, first, firstRow[symbol + 1] ?? rows);
  });
  await written.write(datasetFiles.time, times);
  await written.write(datasetFiles.symbol, symbolOf);
  await written.write(datasetFiles.bar, barOf);
  await readColumns(db, 'bars', ['c'], rows, firstRow, (values) => written.write(datasetFiles.close, values));

  await db.run(`CREATE TABLE labels AS ${targetQuery(targets, lagBars)}`);
  const labels = targets.map((_, i) => outputName(i));
  await readColumns(db, 'labels', labels, rows, firstRow, (values, i) =>
    written.write(datasetFiles.target(targets[i]!.name), values),
  );
  await db.run('DROP TABLE labels');

  const byBar = features.normalisation === 'none' ? null : groupByBar(barOf, times.length);
  const count = written.begin(datasetFiles.features);
  const path = written.pathOf(datasetFiles.features);
  await writeFeatures(db, path, features, loaded, firstRow, rows, byBar, count);

  const settings = {
    featureSetVersion,
    symbols,
    featureNames: features.names,
    targets: targets.map(({ name, labelBars }) => ({ name, labelBars })),
    normalisation: features.normalisation,
  };
  const manifest: DatasetManifest = {
    version: 1,
    id: written.id(settings),
    rows,
    bars: times.length,
    symbols,
    featureNames: [...features.names],
    targets: settings.targets,
  };
  await writeFile(written.pathOf(datasetFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  return manifest;
}
