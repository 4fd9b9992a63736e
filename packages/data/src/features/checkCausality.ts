import { type Database, quoteName, reasonOf } from '../database.ts';
import { refuse } from './userFeature.ts';

/** Enough of the data to show a look ahead, little enough to be done at once. */
const [sampleSymbols, sampleBars] = [3, 600];

/**
 * The last safety, after the tree has been read: on a sample of the data, values up to a bar must not move when every later bar
 * changes or is not there.
 * @param queryOver the feature's query over a table or query with the columns of `bars`
 * @throws DomainError INVALID_INPUT where one moves, or where the feature cannot be computed
 */
export async function checkCausality(db: Database, name: string, queryOver: (bars: string) => string): Promise<void> {
  const [size] = await db.rows<{ symbols: number; bars: number }>(
    'SELECT count(DISTINCT symbol) AS symbols, max(sn) AS bars FROM bars',
  );
  const bars = Math.min(sampleBars, size!.bars);
  const chosen = `SELECT DISTINCT symbol FROM bars ORDER BY symbol LIMIT ${sampleSymbols}`;
  const sample = `SELECT * FROM bars WHERE sn <= ${bars} AND symbol IN (${chosen})`;
  for (const cut of [bars >> 2, bars >> 1, bars - 1].filter((each) => each > 0)) {
    const moved = `SELECT * REPLACE (${['o', 'h', 'l', 'c', 'v'].map((price) => moveAfter(price, cut)).join(', ')}) FROM (${sample})`;
    const shortened = `SELECT * FROM (${sample}) WHERE sn <= ${cut}`;
    for (const later of [moved, shortened]) {
      const value = (query: string) => `SELECT symbol, sn, CAST(${quoteName(name)} AS DOUBLE) AS value FROM (${query})`;
      const [found] = await db
        .rows<{ sn: number }>(
          `SELECT min(a.sn) AS sn FROM (${value(queryOver(`(${sample})`))}) AS a
            JOIN (${value(queryOver(`(${later})`))}) AS b USING (symbol, sn)
            WHERE a.sn <= ${cut} AND NOT (a.value IS NOT DISTINCT FROM b.value
              OR coalesce(abs(a.value - b.value) <= 1e-9 * greatest(1, abs(a.value)), false))
            HAVING count(*) > 0`,
        )
        .catch((error) => refuse(name, reasonOf(error)));
      if (found) refuse(name, `looks ahead: its value at a symbol’s bar ${found.sn} changes with bars after ${cut}`);
    }
  }
}

const moveAfter = (price: string, cut: number): string =>
  `CASE WHEN sn > ${cut} THEN ${price} * (0.5 + ((sn * 7) % 11) / 5.0) ELSE ${price} END AS ${price}`;
