import type { Figure } from '@twostage/core/runs/figures';
import type { ReactNode } from 'react';
import { cx } from '../cx.ts';

/** A picture's name, what it says, and room for what can be done with it. */
export function FigureFrame({
  figure,
  aside,
  className,
  children,
}: {
  figure: Figure;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={figure.title}
      className={cx('min-w-0 rounded-lg border border-line bg-surface shadow-flat', className)}
    >
      <header className="flex items-start gap-2 px-4 pt-3 pb-2">
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold text-sm">{figure.title}</h3>
          {figure.help && <p className="mt-0.5 max-w-3xl text-muted text-xs">{figure.help}</p>}
        </div>
        {aside}
      </header>
      <div className="px-4 pb-4">{children}</div>
    </section>
  );
}
