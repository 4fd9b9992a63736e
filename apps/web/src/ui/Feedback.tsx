import { AlertTriangle, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';

export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cx('animate-pulse-soft rounded bg-line', className)} />
);

/** Rows of grey bars while a list is on its way. */
export function SkeletonRows({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4 px-4 py-3">
          <Skeleton className="h-3 w-8" />
          <Skeleton className="h-3 w-1/4" />
          <Skeleton className="h-3 w-16" />
          <Skeleton className="ml-auto h-3 w-1/5" />
        </div>
      ))}
    </div>
  );
}

/** Says what is missing and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {icon && <div className="mb-3 text-faint [&>svg]:size-7">{icon}</div>}
      <p className="font-semibold text-base">{title}</p>
      {children && <div className="mt-1 max-w-md text-muted text-sm">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

export function ErrorState({ title, message, onRetry }: { title: string; message: string; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-12 text-center">
      <AlertTriangle aria-hidden className="mb-3 size-7 text-bad" />
      <p className="font-semibold text-base">{title}</p>
      <p className="mt-1 max-w-lg break-words text-muted text-sm">{message}</p>
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

const callouts = {
  info: 'border-line bg-sunken text-muted',
  warn: 'border-warn/30 bg-warn-soft text-warn',
  bad: 'border-bad/30 bg-bad-soft text-bad',
} as const;

export function Callout({
  tone = 'info',
  children,
  className,
}: {
  tone?: keyof typeof callouts;
  children: ReactNode;
  className?: string;
}) {
  const Icon = tone === 'info' ? Info : AlertTriangle;
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'note'}
      className={cx('flex items-start gap-2 rounded-md border px-3 py-2 text-sm', callouts[tone], className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 break-words first-letter:uppercase">{children}</div>
    </div>
  );
}
