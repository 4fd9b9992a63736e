import { fewestLabels, type Leak } from '@twostage/core/evaluation/leaks';
import type { Database } from '../database.ts';
import type { LoadedBars } from '../loadBars.ts';

/** Enough of the data to tell, little enough to be looked at at once: the last bars of a few symbols. */
const [sampleSymbols, sampleBars] = [3, 600];
/** How far ahead a copy is looked for, in bars. */
const lags = [1, 2, 3, 5, 10, 20];
/** Of the rows of a copy, so many are one: a file may round, and have a hole. */
const fewestEqual = 0.9;
/** Equal: nearer than so much of what the quantity usually differs by from what is known of it at the bar. */
const nearness = 0.01;

interface Quantity {
  /** As it stands in a sentence. */
  readonly words: string;
  /** SQL over a symbol's bars in order, the window s */
  readonly sql: string;
  /** What is known of it at the bar. */
  readonly known: string;
}

const words = { o: 'open', h: 'high', l: 'low', c: 'close', v: 'volume' } as const;
type PriceColumn = keyof typeof words;

function quantitiesAhead(lag: number, columns: readonly PriceColumn[]): Quantity[] {
  const ahead = (column: string, bars = lag) => `lead(${column}, ${bars}) OVER s`;
  const bars = lag === 1 ? '1 bar' : `${lag} bars`;
  return [
    ...columns.map((column) => ({ words: `the ${words[column]} ${bars} ahead`, sql: ahead(column), known: column })),
    { words: `the return over the next ${bars}`, sql: `${ahead('c')} / c - 1`, known: '0' },
    { words: `the change of the close over the next ${bars}`, sql: `${ahead('c')} - c`, known: '0' },
    {
      words: `the return over ${bars} from the next bar on`,
      sql: `${ahead('c', lag + 1)} / ${ahead('c', 1)} - 1`,
      known: '0',
    },
  ];
}

/**
 * The files' own features that are a later price or return, value by value. A feature cannot be computed again with other
 * bars after it, as a person's SQL can; but one that is what only the future knows gives itself away.
 * @param names of the files' own features, as the dataset has them
 */
export async function findFutureCopies(
  db: Database,
  { extras, prices }: LoadedBars,
  names: readonly string[],
): Promise<Leak[]> {
  if (extras.length === 0) return [];
  const columns = (Object.keys(words) as PriceColumn[]).filter((column) => prices.has(words[column]));
  const ahead = lags.flatMap((lag) => quantitiesAhead(lag, columns));
  const known = columns.map((column) => ({ words: '', sql: column, known: `lag(${column}) OVER s` }));
  const columnOf = await readSample(db, [...ahead, ...known], extras.length);
  const quantities = [...ahead, ...known].map((_, q) => ({ values: columnOf(`q${q}`), within: columnOf(`e${q}`) }));
  const copies: Leak[] = [];
  for (const [i, feature] of names.entries()) {
    const values = columnOf(`x${i}`);
    const found = quantities.findIndex((quantity) => isCopy(values, quantity));
    if (found < 0 || found >= ahead.length) continue;
    // Where trading never stops the next open is this close, which anyone knows.
    if (quantities.slice(ahead.length).some((quantity) => isCopy(values, quantity))) continue;
    copies.push({ feature, target: ahead[found]!.words, correlation: 1, isCopy: true });
  }
  return copies;
}

function isCopy(feature: Float64Array, { values, within }: { values: Float64Array; within: Float64Array }): boolean {
  let both = 0;
  let equal = 0;
  for (let row = 0; row < feature.length; row++) {
    const apart = Math.abs(feature[row]! - values[row]!);
    if (Number.isNaN(apart)) continue;
    both++;
    if (within[row]! > 0 && apart <= within[row]!) equal++;
  }
  return both >= fewestLabels && equal >= fewestEqual * both;
}

/** The sample's features x0, x1 …, the quantities q0, q1 … beside them, and e0, e1 …, within which a value is equal to one. */
async function readSample(
  db: Database,
  quantities: readonly Quantity[],
  features: number,
): Promise<(name: string) => Float64Array> {
  const chosen = `SELECT DISTINCT symbol FROM bars ORDER BY symbol LIMIT ${sampleSymbols}`;
  const within = (q: number) => `${nearness} * median(abs(q${q} - k${q})) OVER (PARTITION BY symbol) AS e${q}`;
  const rows = await db.rows<Record<string, number | null>>(`
    WITH sample AS (
      SELECT * FROM bars WHERE symbol IN (${chosen})
      QUALIFY row_number() OVER (PARTITION BY symbol ORDER BY sn DESC) <= ${sampleBars}
    ), later AS (
      SELECT *, ${quantities.map(({ sql, known }, q) => `${sql} AS q${q}, ${known} AS k${q}`).join(', ')}
      FROM sample WINDOW s AS (PARTITION BY symbol ORDER BY sn)
    )
    SELECT ${Array.from({ length: features }, (_, i) => `x${i}`).join(', ')},
      ${quantities.map((_, q) => `q${q}, ${within(q)}`).join(', ')} FROM later`);
  return (name) => Float64Array.from(rows, (row) => row[name] ?? Number.NaN);
}
