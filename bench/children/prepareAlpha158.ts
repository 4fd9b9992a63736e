/**
 * Prepares a dataset of simulated minute bars with all 158 features, normalised, and says what it took.
 *   prepareAlpha158.ts FOLDER FACTOR
 * FACTOR times 31 symbols of 3020 bars. Prints {"rows", "seconds", "peakRssBytes"}; what it wrote is gone when it ends.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { foldSettingsSchema } from '@twostage/core/runs/config';
import { Database, quoteText } from '@twostage/data/database';
import { prepareDataset } from '@twostage/data/prepareDataset';

const [folder, factor] = [process.argv[2]!, Number(process.argv[3])];
const [market, dataset] = ['market', 'dataset'].map((name) => path.join(folder, name)) as [string, string];
const [symbols, bars] = [31, 3020 * factor];
mkdirSync(market);
try {
  await writeMarket();
  const begin = performance.now();
  const { manifest } = await prepareDataset({
    dataDir: market,
    symbols: [],
    targets: ['fwd_ret_5b'],
    features: 'alpha158',
    normalisation: 'robust-z',
    lookback: 20,
    folds: foldSettingsSchema.parse({}),
    outputDir: dataset,
    threads: 0,
  });
  const seconds = (performance.now() - begin) / 1000;
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ rows: manifest.rows, seconds, peakRssBytes }));
} finally {
  for (const made of [market, dataset]) rmSync(made, { recursive: true, force: true });
}

/** A walk of a symbol's own, with volume. */
async function writeMarket(): Promise<void> {
  const db = await Database.open({ threads: 0, memoryLimitMb: 1024, spillDirectory: path.join(folder, 'spill') });
  try {
    for (let symbol = 0; symbol < symbols; symbol++) {
      const noise = (salt: number) => `(hash(i * ${symbols * 4} + ${symbol * 4 + salt}) % 20001 / 10000.0 - 1)`;
      const file = quoteText(path.join(market, `S${String(symbol).padStart(2, '0')}.parquet`));
      await db.run(`COPY (
        SELECT time, close * (1 + 1e-4 * ${noise(1)}) AS open, close * 1.0003 AS high, close * 0.9997 AS low, close, volume
        FROM (SELECT i, TIMESTAMP '2000-01-03' + to_minutes(i) AS time, round(1e4 * (1.5 + ${noise(2)})) AS volume,
          100 * exp(sum(5e-4 * ${noise(3)}) OVER (ORDER BY i)) AS close FROM range(${bars}) r(i))
      ) TO ${file} (FORMAT parquet)`);
    }
  } finally {
    db.close();
  }
}
