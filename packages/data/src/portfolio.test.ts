import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database, quoteText } from './database.ts';
import { openDataset } from './openDataset.ts';
import { readPortfolio, writePortfolio } from './portfolio.ts';
import { plainCsv, prepare, temporaryFolder, writeFiles } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
let training: string;
let dataset: string;
beforeEach(async () => {
  folder = temporaryFolder();
  training = join(folder.path, 'training');
  dataset = join(folder.path, 'dataset');
  mkdirSync(join(folder.path, 'market'));
  mkdirSync(training);
  writeFiles(join(folder.path, 'market'), { 'AAA.csv': plainCsv(150) });
  await prepare(join(folder.path, 'market'), dataset);
});
afterEach(() => folder.remove());

function writeColumns(series: { target: string; bars: number }[], bars: number[], gross: number[]): void {
  const write = (name: string, content: string | Uint8Array | Uint32Array | Float64Array) =>
    writeFileSync(join(training, name), content);
  write(trainingDirectory.portfolioLayout, JSON.stringify({ series }));
  write(trainingDirectory.portfolioBars, Uint32Array.from(bars));
  write(trainingDirectory.portfolioValues('gross'), Float64Array.from(gross));
  write(
    trainingDirectory.portfolioValues('net'),
    Float64Array.from(gross, (value) => value - 0.001),
  );
  write(
    trainingDirectory.portfolioValues('turnover'),
    Float64Array.from(gross, () => 2),
  );
}

it('reads portfolios target by target, and writes them as a table', async () => {
  const series = [
    { target: 'fwd_ret_1d', bars: 2 },
    { target: 'fwd_ret_5d', bars: 1 },
  ];
  writeColumns(series, [100, 101, 149], [0.01, -0.02, 0.5]);
  const [first, second] = await readPortfolio(training);
  expect([first!.target, [...first!.bars], [...first!.gross]]).toEqual(['fwd_ret_1d', [100, 101], [0.01, -0.02]]);
  expect([second!.target, [...second!.bars], [...second!.net]]).toEqual(['fwd_ret_5d', [149], [0.499]]);

  const path = await writePortfolio(training, dataset);
  expect(path).toBe(join(training, 'portfolio.parquet'));
  const db = await Database.open({ threads: 1 });
  const rows = await db.rows(
    `SELECT target, epoch_ms(time) AS time, gross, net, turnover, typeof(time) AS type FROM read_parquet(${quoteText(path!)})`,
  );
  db.close();
  const { times } = openDataset(dataset).panel;
  const common = { turnover: 2, type: 'TIMESTAMP' };
  expect(rows).toEqual([
    { target: 'fwd_ret_1d', time: times[100], gross: 0.01, net: 0.01 - 0.001, ...common },
    { target: 'fwd_ret_1d', time: times[101], gross: -0.02, net: -0.02 - 0.001, ...common },
    { target: 'fwd_ret_5d', time: times[149], gross: 0.5, net: 0.5 - 0.001, ...common },
  ]);
});

it('a training that could not be traded has none', async () => {
  expect(await readPortfolio(training)).toEqual([]);
  expect(await writePortfolio(training, dataset)).toBeNull();
  expect(readdirSync(training)).toEqual([]);
});

it('refuses columns that disagree with each other or with the dataset', async () => {
  writeColumns([{ target: 'fwd_ret_1d', bars: 2 }], [1, 2, 3], [0, 0, 0]);
  await expect(readPortfolio(training)).rejects.toThrow(/disagree: 2 bars are laid out, there are 3, 3, 3, 3/);
  writeColumns([{ target: 'fwd_ret_1d', bars: 1 }], [150], [0]);
  await expect(writePortfolio(training, dataset)).rejects.toThrow(/bar 150 of a dataset with 150 bars/);
  writeFileSync(join(training, trainingDirectory.portfolioLayout), '{}');
  await expect(readPortfolio(training)).rejects.toThrow(/not a layout of portfolios/);
});
