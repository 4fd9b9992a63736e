import { Suspense } from 'react';
import { SignInPage } from '../../features/auth/SignInPage.tsx';

export const metadata = { title: 'Sign in' };

export default function Page() {
  return (
    <Suspense>
      <SignInPage />
    </Suspense>
  );
}
