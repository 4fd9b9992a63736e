import type { QualityReport } from '@twostage/core/runs/events';
import { shortTime } from './calendar.ts';
import { locateRecords } from './csvRecords.ts';
import type { Database } from './database.ts';
import type { LoadedBars } from './loadBars.ts';
import { missingCellsSql } from './quality.ts';
import { fileOfRow } from './readFiles.ts';

type Finding = QualityReport['findings'][number];

interface Row extends Record<string, unknown> {
  readonly symbol: number;
  readonly file: number;
  readonly ordinal: number;
  readonly t: number;
  readonly size: number;
  readonly detail: number | null;
}

/** Most findings of one kind: the counts are complete, the list shows the worst. */
const mostOfOneKind = 40;

/** SQL of (symbol, n, t, size, detail) by kind; `size` orders the worst first. Listed from what breaks numbers to what is merely odd. */
const queries: Record<Finding['kind'], (loaded: LoadedBars) => string> = {
  nonPositivePrice: () => `
    SELECT symbol, n, t, (coalesce(o <= 0, false)::INTEGER + coalesce(h <= 0, false)::INTEGER + coalesce(l <= 0, false)::INTEGER + coalesce(c <= 0, false)::INTEGER + coalesce(a <= 0, false)::INTEGER) AS size,
      least(o, h, l, c, a) AS detail FROM cells WHERE o <= 0 OR h <= 0 OR l <= 0 OR c <= 0 OR a <= 0`,
  highBelowLow: () => 'SELECT symbol, n, t, (l - h) / l AS size, h AS detail FROM cells WHERE h < l',
  duplicateBar: () => `
    SELECT symbol, max(n) AS n, t, count(*) AS size, NULL::DOUBLE AS detail
    FROM cells SEMI JOIN superseded USING (symbol, t) GROUP BY symbol, t`,
  missingCell: (loaded) =>
    `SELECT symbol, n, t, size, NULL::DOUBLE AS detail FROM (SELECT *, ${missingCellsSql(loaded)} AS size FROM cells) WHERE size > 0`,
  gap: () => 'SELECT symbol, n, t, hole AS size, NULL::DOUBLE AS detail FROM steps WHERE hole > 0',
  staleRun: () => `
    SELECT symbol, n, t, length AS size, c AS detail FROM stale JOIN steps USING (symbol, sn)`,
  outlierReturn: () => `
    SELECT symbol, n, t, deviations AS size, outliers.ret AS detail FROM outliers JOIN steps USING (symbol, sn)`,
};

const messages: Record<Finding['kind'], (size: number, detail: number | null) => string> = {
  nonPositivePrice: (size, detail) => `${plural(size, 'price')} not above 0, the lowest ${detail}`,
  highBelowLow: (size, detail) => `high ${detail} lies ${(size * 100).toPrecision(3)} % below low`,
  duplicateBar: (size) => `${size} rows for one bar; the last is kept`,
  missingCell: (size) => `${plural(size, 'cell')} missing`,
  gap: (size) => `${plural(size, 'bar')} missing before this one`,
  staleRun: (size, detail) => `close stays at ${detail} for ${size} bars`,
  outlierReturn: (size, detail) =>
    `return of ${(detail! * 100).toPrecision(3)} %, ${size.toPrecision(3)} robust standard deviations from the median`,
};

/** The worst findings, kind by kind, with the line of the file on which each begins, or its row in Parquet. */
export async function findFindings(db: Database, loaded: LoadedBars): Promise<Finding[]> {
  const found: { finding: Omit<Finding, 'line' | 'row'>; file: number; ordinal: number }[] = [];
  for (const kind of Object.keys(queries) as Finding['kind'][]) {
    const rows = await db.rows<Row>(
      `SELECT f.symbol::INTEGER AS symbol, file, n - start AS ordinal, t, size::DOUBLE AS size, detail::DOUBLE AS detail
       FROM (${queries[kind](loaded)}) AS f JOIN facts ON file = ${fileOfRow}
       ORDER BY size DESC, f.symbol, t LIMIT ${mostOfOneKind}`,
    );
    for (const { symbol, file, ordinal, t, size, detail } of rows) {
      const at = shortTime(t / 1000);
      const message = messages[kind](size, detail);
      found.push({
        finding: { kind, symbol: loaded.symbols[symbol]!.symbol, file: loaded.files[file]!.name, at, message },
        file,
        ordinal,
      });
    }
  }
  const lines = new Map<number, Map<number, number>>();
  for (const index of new Set(found.map((each) => each.file))) {
    const file = loaded.files[index]!;
    if (file.format === 'parquet') continue;
    const ordinals = found.filter((each) => each.file === index).map((each) => each.ordinal);
    const located = await locateRecords(file, ordinals);
    lines.set(index, new Map([...located].map(([ordinal, record]) => [ordinal, record.line])));
  }
  return found.map(({ finding, file, ordinal }) => ({
    ...finding,
    line: lines.get(file)?.get(ordinal) ?? null,
    ...(loaded.files[file]!.format === 'parquet' && { row: ordinal + 1 }),
  }));
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
