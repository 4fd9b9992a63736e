import { Suspense } from 'react';
import { WelcomePage } from '../../features/auth/WelcomePage.tsx';

export const metadata = { title: 'Welcome' };

export default function Page() {
  return (
    <Suspense>
      <WelcomePage />
    </Suspense>
  );
}
