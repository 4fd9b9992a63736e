import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Portfolio } from '@twostage/core/evaluation/portfolio/portfolio';
import type { RowIndices } from '@twostage/core/panel/panel';
import { portfolioColumns, type PortfolioLayout } from '@twostage/core/runs/portfolio';
import type { PredictionColumn, PredictionLayout } from '@twostage/core/runs/predictionColumns';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import type { Artifact } from '@twostage/core/runs/training';

export interface RowPredictions {
  /** Of the dataset. */
  readonly rows: RowIndices;
  /** [rows] */
  readonly folds: Uint32Array;
  readonly columns: readonly PredictionColumn[];
}

/** What trading on the forecasts of one target would have earned. */
export interface PortfolioSeries {
  readonly target: string;
  readonly portfolio: Portfolio;
}

/** Writes the raw columns that `writePredictions` makes a table of. */
export async function writePredictionColumns(directory: string, table: RowPredictions): Promise<void> {
  const { rows, folds, columns } = table;
  await writeRaw(directory, trainingDirectory.predictionRows, rows);
  await writeRaw(directory, trainingDirectory.predictionFolds, folds);
  for (const { name, values } of columns) await writeRaw(directory, trainingDirectory.predictionValues(name), values);
  const layout: PredictionLayout = { rows: rows.length, columns: columns.map(({ values: _, ...column }) => column) };
  await writeFile(path.join(directory, trainingDirectory.predictionLayout), `${JSON.stringify(layout, null, 2)}\n`);
}

/** Writes the raw columns that `writePortfolio` makes a table of. */
export async function writePortfolioColumns(directory: string, series: readonly PortfolioSeries[]): Promise<void> {
  const bars = concatUint32(series.map(({ portfolio }) => portfolio.bars));
  await writeRaw(directory, trainingDirectory.portfolioBars, bars);
  for (const column of portfolioColumns) {
    const values = concatFloat64(series.map(({ portfolio }) => portfolio[column]));
    await writeRaw(directory, trainingDirectory.portfolioValues(column), values);
  }
  const layout: PortfolioLayout = {
    series: series.map(({ target, portfolio }) => ({ target, bars: portfolio.bars.length })),
  };
  await writeFile(path.join(directory, trainingDirectory.portfolioLayout), `${JSON.stringify(layout, null, 2)}\n`);
}

const writeRaw = (directory: string, name: string, { buffer, byteOffset, byteLength }: Uint32Array | Float64Array) =>
  writeFile(path.join(directory, name), Buffer.from(buffer, byteOffset, byteLength));

/** Writes metrics.json, then lists everything the training made, with size and SHA-256. */
export async function hashArtifacts(trainingDir: string, metrics: unknown): Promise<Artifact[]> {
  await writeFile(path.join(trainingDir, trainingDirectory.metrics), `${JSON.stringify(metrics, null, 2)}\n`);
  const models = await filesUnder(trainingDir, path.posix.dirname(trainingDirectory.model(0)));
  const own = (await readdir(trainingDir)).filter((name) => /^(prediction|portfolio)-/.test(name));
  const names = [...models.sort(), trainingDirectory.metrics, ...own.sort()];
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(trainingDir, name);
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      return { path: name, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
    }),
  );
}

async function filesUnder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true });
  const nested = entries.map((entry) => {
    const name = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(root, name) : [name];
  });
  return (await Promise.all(nested)).flat();
}

/** Mean over the folds, largest first; a feature that a fold did not name counts 0 there. */
export function averageImportances(
  folds: readonly ({ feature: string; value: number }[] | undefined)[],
): { feature: string; value: number }[] | undefined {
  const named = folds.filter((fold) => fold !== undefined);
  if (named.length === 0) return undefined;
  const sums = new Map<string, number>();
  for (const { feature, value } of named.flat()) sums.set(feature, (sums.get(feature) ?? 0) + value);
  return [...sums]
    .map(([feature, sum]) => ({ feature, value: sum / named.length }))
    .sort((a, b) => b.value - a.value || a.feature.localeCompare(b.feature, 'en'));
}

export function meanTarget(target: Float64Array, rows: RowIndices): number {
  let sum = 0;
  for (const row of rows) sum += target[row]!;
  return sum / rows.length;
}

export const concatFloat64 = (parts: readonly Float64Array[]): Float64Array =>
  concat(parts, new Float64Array(totalLength(parts)));

export const concatUint32 = (parts: readonly Uint32Array[]): Uint32Array =>
  concat(parts, new Uint32Array(totalLength(parts)));

const totalLength = (parts: readonly { length: number }[]): number =>
  parts.reduce((length, part) => length + part.length, 0);

function concat<Column extends Uint32Array | Float64Array>(parts: readonly Column[], whole: Column): Column {
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
