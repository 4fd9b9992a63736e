'use client';
import { useEffect } from 'react';
import { ErrorState } from '../ui/Feedback.tsx';

/** What stands in place of a page that broke; the rest of the site goes on. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <main className="pt-[12vh]">
      <ErrorState
        title="This page broke"
        message={`${error.message || 'Something unexpected happened.'}${error.digest ? ` (reference ${error.digest})` : ''}`}
        onRetry={reset}
      />
    </main>
  );
}
