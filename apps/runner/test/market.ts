import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Mulberry32: the same seed gives the same market on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The same bars beside a feature `oracle`, by default the return over the bar after the next, which is what fwd_ret_1d is.
 * @param known the feature at bar i
 */
export async function writeKnowing(
  market: string,
  directory: string,
  known: (closes: readonly number[], i: number) => number = (closes, i) => closes[i + 2]! / closes[i + 1]! - 1,
): Promise<void> {
  await mkdir(directory);
  for (const file of await readdir(market)) {
    const [head, ...lines] = (await readFile(path.join(market, file), 'utf8')).trim().split('\n');
    const closes = lines.map((line) => Number(line.split(',')[4]));
    const knowing = lines.map((line, i) => `${line},${i + 2 < closes.length ? known(closes, i) : ''}`);
    await writeFile(path.join(directory, file), `${[`${head},oracle`, ...knowing].join('\n')}\n`);
  }
}

/** Writes a folder of daily bars, one CSV a symbol, weekdays from 2020-01-01 on. */
export async function writeMarket(directory: string, symbols: readonly string[], bars: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [index, symbol] of symbols.entries()) {
    const random = randomFrom(index + 1);
    let close = 100;
    const lines = ['Date,Open,High,Low,Close,Volume'];
    const date = new Date(Date.UTC(2020, 0, 1));
    while (lines.length <= bars) {
      if (date.getUTCDay() % 6 !== 0) {
        const open = close;
        close *= 1 + (random() - 0.499) * 0.03;
        const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998];
        const prices = [open, high, low, close].map((price) => price.toFixed(4));
        lines.push([date.toISOString().slice(0, 10), ...prices, Math.round(1e6 * (0.5 + random()))].join(','));
      }
      date.setUTCDate(date.getUTCDate() + 1);
    }
    await writeFile(path.join(directory, `${symbol}.csv`), `${lines.join('\n')}\n`);
  }
}
