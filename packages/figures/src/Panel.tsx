import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A bordered region with a heading; the heading names the region. */
export function Panel({
  title,
  aside,
  children,
  className,
  flush,
  id,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  /** No padding: the child brings its own, e.g. a table. */
  flush?: boolean;
  id?: string;
}) {
  return (
    <section id={id} className={cx('min-w-0 rounded-lg border border-line bg-surface shadow-flat', className)}>
      {title !== undefined && (
        <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5">
          <h2 className="font-semibold text-sm">{title}</h2>
          {aside !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{aside}</div>}
        </header>
      )}
      <div className={flush ? 'min-w-0' : 'min-w-0 p-4'}>{children}</div>
    </section>
  );
}
