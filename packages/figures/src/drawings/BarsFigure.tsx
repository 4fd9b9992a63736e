'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { useState } from 'react';
import { cx } from '../cx.ts';
import { significant } from '../format.ts';
import { useStill } from '../still.ts';

const first = 15;

/** Bars from a common zero, negative ones to its left, a line over each as far as its standard error; the list is its own description. */
export function BarsFigure({ figure }: { figure: Extract<Figure, { kind: 'bars' }> }) {
  const [all, setAll] = useState(false);
  const still = useStill();
  const { items } = figure;
  const low = Math.min(0, ...items.map(({ value, error = 0 }) => value - error));
  const span = Math.max(0, ...items.map(({ value, error = 0 }) => value + error)) - low || 1;
  const at = (value: number) => ((value - low) / span) * 100;
  const shown = all ? items : items.slice(0, first);
  const withErrors = items.some(({ error }) => error !== undefined);
  return (
    <div>
      <ol aria-label={figure.title} className={cx('space-y-1 text-xs', all && 'scroll-thin max-h-96 overflow-y-auto')}>
        {shown.map(({ label, value, error }) => (
          <li
            key={label}
            className={cx(
              'grid items-center gap-2',
              withErrors
                ? 'grid-cols-[minmax(0,8rem)_minmax(0,1fr)_8rem]'
                : 'grid-cols-[minmax(0,9rem)_minmax(0,1fr)_4.5rem]',
            )}
          >
            <span className="truncate font-mono" title={label}>
              {label}
            </span>
            <span aria-hidden className="relative h-2.5 rounded-sm bg-sunken">
              <span
                className={cx('absolute inset-y-0 rounded-sm', value < 0 ? 'bg-[var(--series-2)]' : 'bg-accent')}
                style={{ left: `${Math.min(at(0), at(value))}%`, width: `${Math.abs(at(value) - at(0))}%` }}
              />
              {low < 0 && <span className="absolute -inset-y-0.5 w-px bg-line-strong" style={{ left: `${at(0)}%` }} />}
              {error !== undefined && (
                <span
                  className="absolute inset-y-0.5 border-ink border-x before:absolute before:inset-x-0 before:top-1/2 before:h-px before:bg-ink"
                  style={{ left: `${at(value - error)}%`, width: `${at(value + error) - at(value - error)}%` }}
                />
              )}
            </span>
            <span className="num">
              {significant(value, 3)}
              {error !== undefined && <span className="text-faint"> ± {significant(error, 2)}</span>}
            </span>
          </li>
        ))}
      </ol>
      {withErrors && <p className="mt-1.5 text-2xs text-faint">The lines reach one standard error to either side.</p>}
      {items.length > first &&
        (still ? (
          <details className="mt-2 text-xs">
            <summary className="text-accent">{items.length - first} more</summary>
            <p className="mt-1 text-2xs text-muted leading-5">
              {items
                .slice(first)
                .map(({ label, value }) => `${label} ${significant(value, 3)}`)
                .join(' · ')}
            </p>
          </details>
        ) : (
          <button
            type="button"
            onClick={() => setAll(!all)}
            className="mt-1 h-7 rounded-md px-2 font-medium text-muted text-xs hover:bg-hover hover:text-ink"
          >
            {all ? `Show the first ${first}` : `Show all ${items.length}`}
          </button>
        ))}
    </div>
  );
}
