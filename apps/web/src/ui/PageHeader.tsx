import type { ReactNode } from 'react';

/** The page's one h1, what it is about, and what can be done here. */
export function PageHeader({ title, meta, actions }: { title: ReactNode; meta?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="break-words font-semibold text-lg leading-7">{title}</h1>
        {meta && <div className="mt-0.5 text-muted text-sm">{meta}</div>}
      </div>
      {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
