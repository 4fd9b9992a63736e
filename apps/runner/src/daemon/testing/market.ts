import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const dayMs = 86_400_000;

/** A folder of CSV files, one a symbol: random walks, the same for the same arguments. */
export function writeMarket(folder: string, options: { symbols: number; bars: number }): void {
  mkdirSync(folder, { recursive: true });
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let symbol = 0; symbol < options.symbols; symbol++) {
    const lines = ['date,open,high,low,close,volume'];
    let close = 100;
    for (let bar = 0; bar < options.bars; bar++) {
      const open = close;
      close = open * (1 + 0.02 * (random() - 0.5));
      const high = Math.max(open, close) * (1 + 0.005 * random());
      const low = Math.min(open, close) * (1 - 0.005 * random());
      const date = new Date(Date.UTC(2020, 0, 1) + bar * dayMs).toISOString().slice(0, 10);
      const prices = [open, high, low, close].map((price) => price.toFixed(4));
      lines.push([date, ...prices, Math.round(1e6 * (1 + random()))].join(','));
    }
    writeFileSync(path.join(folder, `S${symbol}.csv`), `${lines.join('\n')}\n`);
  }
}
