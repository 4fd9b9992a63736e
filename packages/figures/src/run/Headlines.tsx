import type { Headline } from './headlines.ts';

/** Cards of numbers with how far off they may be. */
export function Headlines({ headlines, label }: { headlines: readonly Headline[]; label: string }) {
  return (
    <dl
      aria-label={label}
      className="flex flex-wrap gap-x-8 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3 shadow-flat"
    >
      {headlines.map(({ label, title, value, more }) => (
        <div key={label} title={title} className="min-w-0">
          <dt className="text-faint text-xs">{label}</dt>
          <dd className="mt-0.5">
            <span className="font-semibold text-lg leading-6 tracking-tight">{value}</span>
            {more && <span className="ml-1.5 text-muted text-xs leading-4">{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
