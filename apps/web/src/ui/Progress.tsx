import type { Tone } from './Badge.tsx';
import { cx } from './cx.ts';

const fills: Record<Tone, string> = {
  neutral: 'bg-line-strong',
  accent: 'bg-accent',
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  cpu: 'bg-cpu',
  gpu: 'bg-gpu',
};

/** @param value part done, 0 to 1 */
export function Progress({
  value,
  label,
  tone = 'accent',
  className,
}: {
  value: number;
  label: string;
  tone?: Tone;
  className?: string;
}) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cx('h-1.5 min-w-8 overflow-hidden rounded-full bg-line', className)}
    >
      <div
        className={cx('h-full origin-left rounded-full transition-[width] duration-150', fills[tone])}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
