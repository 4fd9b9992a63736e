'use client';
import { createAuthClient } from 'better-auth/react';

/** `signIn.email({ email, password })`, `signOut()`, `changePassword(…)`: each answers `{ data, error }`. */
export const authClient = createAuthClient({ basePath: '/api/auth' });
