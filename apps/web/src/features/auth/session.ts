'use client';
import { authClient } from '../../trpc/auth.ts';

/** @returns null when signed in, else what to tell the person */
export async function signIn(email: string, password: string): Promise<string | null> {
  try {
    const { error } = await authClient.signIn.email({ email, password });
    if (!error) return null;
    if (error.status === 429) return 'Too many attempts. Wait a minute, then try again.';
    if (error.status === 401 || error.status === 400) return 'E-mail address or password is wrong.';
    return error.message ?? `The server refused (${error.status}).`;
  } catch {
    return 'The server does not answer. Check the connection, then try again.';
  }
}

/** Ends the session and leaves every page of it, caches included. */
export async function signOut(): Promise<void> {
  await authClient.signOut().catch(() => undefined);
  window.location.assign('/sign-in');
}
