import Link from 'next/link';
import { buttonClass } from '../ui/Button.tsx';
import { Mark } from '../ui/Logo.tsx';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-6 text-center">
      <Mark className="size-10" />
      <h1 className="mt-4 font-semibold text-lg">There is no such page</h1>
      <p className="mt-1 max-w-sm text-muted">The address may be mistyped, or what it led to is gone.</p>
      <Link href="/runs" className={buttonClass('primary', 'lg', 'mt-5')}>
        Go to the runs
      </Link>
    </main>
  );
}
