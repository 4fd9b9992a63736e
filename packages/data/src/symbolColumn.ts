import { DomainError } from '@twostage/core/errors';
import { placeOf } from './badCells.ts';
import type { Database } from './database.ts';
import { blameFile, type DescribedFile, type FileColumn, readGroup } from './readFiles.ts';
import { checkSymbol } from './symbolNames.ts';

/** What a cell of a symbol column says. */
export const symbolCell = (column: FileColumn): string => `trim(CAST(${column.sql} AS VARCHAR))`;

/**
 * The symbols that a file's rows name; null where its place in the folder says whose it is. The column speaks
 *
 *   - never in a partition, whose folder says it, and never where it repeats what the place says
 *   - where several symbols share a bar
 *   - where it is called symbol, ticker … and does not hold what the place says: prices.csv of AAPL. AAPL.csv of FB, then
 *     META is one symbol that changed its name
 *
 * What is seen at both ends of a CSV file spares reading it through.
 * @throws DomainError BAD_FILE naming file, line and column: no symbol, or one that names nothing
 */
export async function symbolsNamedBy(db: Database, file: DescribedFile): Promise<string[] | null> {
  const { symbol: position, symbolIsWeak } = file.roles;
  if (file.layout === 'partition' || position === null) return null;
  const column = file.columns[position]!;
  const isOwn = (name: string) => name.toLowerCase() === file.symbol.toLowerCase();
  const [only, ...more] = file.glimpsedSymbols ?? [];
  if (only !== undefined && more.length === 0 && (symbolIsWeak || isOwn(only))) return null;

  const rows = readGroup({ files: [file], sample: file });
  const read = <Row extends Record<string, unknown>>(sql: string) =>
    db.rows<Row>(sql).catch((cause) => blameFile(db, { files: [file], sample: file }, cause));
  const found = await read<{ name: string | null; rows: number }>(
    `SELECT ${symbolCell(column)} AS name, count(*) AS rows FROM ${rows} GROUP BY name`,
  );
  const names = found.flatMap(({ name }) => (name ? [name] : []));
  if (names.length === 0) return null;
  const time = file.roles.time.map((each) => `CAST(${file.columns[each]!.sql} AS VARCHAR)`).join(` || ' ' || `);
  if (symbolIsWeak || names.some(isOwn)) {
    if (names.length === 1) return null;
    const shared = await read(
      `SELECT ${time} AS time FROM ${rows} GROUP BY 1 HAVING min(${symbolCell(column)}) <> max(${symbolCell(column)}) LIMIT 1`,
    );
    if (shared.length === 0) return null;
  }
  if (names.length > 1 && found.every((each) => each.rows === 1)) {
    const [{ times } = { times: 0 }] = await read<{ times: number }>(
      `SELECT count(DISTINCT ${time}) AS times FROM ${rows}`,
    );
    if (times === found.length) {
      throw new DomainError(
        'BAD_FILE',
        `${file.name}, column ${column.name}: names another symbol on every bar; call it otherwise if it is a feature`,
      );
    }
  }
  if (names.length < found.length) await refuseNoSymbol(db, file, column);
  for (const name of names) checkSymbol(name, `${file.name}, column ${column.name}`);
  return names;
}

async function refuseNoSymbol(db: Database, file: DescribedFile, column: FileColumn): Promise<never> {
  const [row] = await db.rows<{ n: number }>(
    `SELECT min(n) AS n FROM ${readGroup({ files: [file], sample: file })} WHERE coalesce(${symbolCell(column)}, '') = ''`,
  );
  throw new DomainError(
    'BAD_FILE',
    `${await placeOf(file, row!.n - 1)}, column ${column.name}: a symbol is expected, got nothing`,
  );
}
