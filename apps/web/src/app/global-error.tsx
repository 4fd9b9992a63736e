'use client';
import './globals.css';

/** The last resort: the layout itself broke, so nothing of it can be used here. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="flex min-h-dvh flex-col items-center justify-center px-6 text-center">
          <h1 className="font-semibold text-lg">twostage could not be shown</h1>
          <p className="mt-1 text-muted">The server may be restarting.</p>
          <button
            type="button"
            onClick={reset}
            className="mt-4 rounded-md border border-line-strong px-3 py-1.5 font-medium"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
