import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FoldSettings, foldSettingsSchema } from '@twostage/core/runs/config';
import { Database, quoteText } from '../database.ts';
import { prepareDataset, type PreparedDataset } from '../prepareDataset.ts';

/** A real market, where this checkout stands beside one; tests that want it do without when it is not there. */
export const realMarketDir = fileURLToPath(new URL('../../../../../shared/data/djia', import.meta.url));

export const foldSettings: FoldSettings = foldSettingsSchema.parse({ count: 2, embargoBars: 2 });

/** A folder of its own that goes with `remove`. */
export function temporaryFolder(prefix = 'data-'): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** @param files by path in the directory */
export function writeFiles(directory: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

export async function writeParquet(path: string, query: string): Promise<void> {
  const db = await Database.open({ threads: 1 });
  try {
    await db.run(`COPY (${query}) TO ${quoteText(path)} (FORMAT parquet)`);
  } finally {
    db.close();
  }
}

/** Days from Monday to Friday beginning 2020-01-01. */
export function weekdays(count: number): string[] {
  const days: string[] = [];
  for (const day = new Date('2020-01-01T00:00:00Z'); days.length < count; day.setUTCDate(day.getUTCDate() + 1)) {
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10));
  }
  return days;
}

/** CSV of plain bars: close walks deterministically around 100. */
export function plainCsv(bars: number, phase = 0, header = 'Date,Open,High,Low,Close,Volume'): string {
  const lines = weekdays(bars).map((day, i) => {
    const close = 100 + 5 * Math.sin((i + phase) / 3) + 3 * Math.cos((i + phase) * 1.7);
    const prices = [close - 0.5, close + 1, close - 1, close].map((price) => price.toFixed(4));
    return `${day},${prices.join(',')},${1000 + ((i * 37 + phase) % 101)}`;
  });
  return `${[header, ...lines].join('\n')}\n`;
}

/** `prepareDataset` with settings that suit small folders. */
export function prepare(
  dataDir: string,
  outputDir: string,
  overrides: Partial<Parameters<typeof prepareDataset>[0]> = {},
): Promise<PreparedDataset> {
  return prepareDataset({
    dataDir,
    symbols: [],
    targets: ['fwd_ret_1d'],
    lookback: 5,
    folds: foldSettings,
    outputDir,
    threads: 1,
    ...overrides,
  });
}

/** Every file of a folder, by name. */
export function contentsOf(directory: string): Map<string, Buffer> {
  return new Map(
    readdirSync(directory)
      .sort()
      .map((name) => [name, readFileSync(join(directory, name))]),
  );
}
