'use client';
import { cx } from '../cx.ts';
import { significant } from '../format.ts';
import { useStill } from '../still.ts';
import type { FigureTable } from './figureTable.ts';

/** Numbers to the right, in four digits; the rest as it is. */
export function TableFigure({ title, table, most }: { title: string; table: FigureTable; most?: number }) {
  const still = useStill();
  const { columns, rows } = table;
  // Where every figure is missing, its column still is one of figures.
  const numeric = columns.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const shown = most === undefined ? rows : rows.slice(0, most);
  return (
    <div className={cx('scroll-thin overflow-auto rounded border border-line', !still && 'max-h-96')}>
      <table className="w-full text-xs [&_td]:px-2.5 [&_td]:py-1">
        <caption className="sr-only">{title}</caption>
        <thead className="sticky top-0 bg-sunken text-faint">
          <tr>
            {columns.map((column, index) => (
              <th
                key={index}
                scope="col"
                className={`whitespace-nowrap px-2.5 py-1.5 ${numeric[index] ? 'text-right' : 'text-left'}`}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {shown.map((row, index) => (
            <tr key={index}>
              {columns.map((_, column) => {
                const value = row[column] ?? null;
                return (
                  <td key={column} className={numeric[column] ? 'num' : 'min-w-20 break-words'}>
                    {typeof value === 'number' ? numberText(value) : (value ?? '–')}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <p className="px-2.5 py-1.5 text-faint text-xs">
          The first {shown.length} of {rows.length} rows; the copy holds all.
        </p>
      )}
    </div>
  );
}

const numberText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value).replace('-', '−') : significant(value);
