import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A column heading that sorts; says so to assistive technology. */
export function SortHeader({
  children,
  direction,
  onSort,
  numeric,
  className,
  title,
}: {
  children: ReactNode;
  /** null: not sorted by this column. */
  direction: 'asc' | 'desc' | null;
  onSort: () => void;
  numeric?: boolean;
  className?: string;
  title?: string;
}) {
  const Arrow = direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={direction === null ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
      className={cx('px-3 py-2 last:pr-4', numeric ? 'text-right' : 'text-left', className)}
    >
      <button
        type="button"
        onClick={onSort}
        title={title}
        className={cx(
          'group flex items-center gap-1 whitespace-nowrap rounded hover:text-ink',
          numeric && 'ml-auto flex-row-reverse',
          direction !== null && 'text-ink',
        )}
      >
        {children}
        <Arrow aria-hidden className={cx('size-3', direction === null && 'opacity-0 group-hover:opacity-40')} />
      </button>
    </th>
  );
}
