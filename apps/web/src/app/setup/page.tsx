import { Suspense } from 'react';
import { SetupPage } from '../../features/auth/SetupPage.tsx';

export const metadata = { title: 'Set up' };

export default function Page() {
  return (
    <Suspense>
      <SetupPage />
    </Suspense>
  );
}
