/** Two stages, one after the other, with the barrier between them. */
export const Mark = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
    <rect x="2" y="5" width="8" height="5" rx="1.5" fill="var(--stage-cpu)" />
    <rect x="14" y="14" width="8" height="5" rx="1.5" fill="var(--stage-gpu)" />
    <path d="M12 3v18" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
  </svg>
);
