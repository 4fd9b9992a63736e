import { messageOf } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import type { Logger } from 'pino';
import { audit } from '../services/context.ts';
import { announceSessionsChanged } from './sessions.ts';

export interface AuthSettings {
  /** At least 32 characters; signs the session cookie. */
  readonly secret: string;
  /** Where browsers reach this server. */
  readonly publicUrl: string;
  /** Further origins of the same server, e.g. localhost beside 127.0.0.1. */
  readonly trustedOrigins: readonly string[];
  readonly log: Logger;
}

/** server.ts writes the peer's address here and drops what a client sent under this name. */
export const clientAddressHeader = 'x-twostage-client-address';

/**
 * Sessions and passwords. Nobody can sign up: the setup link makes the first admin, admins add people.
 * A person who was deactivated gets no new session.
 */
export function createAuth(prisma: Database, settings: AuthSettings) {
  return betterAuth({
    appName: 'twostage',
    baseURL: settings.publicUrl,
    basePath: '/api/auth',
    secret: settings.secret,
    trustedOrigins: [settings.publicUrl, ...settings.trustedOrigins],
    // Names are the admins' to set, and every change of a person leaves an audit row.
    disabledPaths: ['/update-user', '/update-session'],
    telemetry: { enabled: false },
    database: prismaAdapter(prisma, { provider: 'postgresql', transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: {
      additionalFields: {
        role: { type: 'string', input: false, required: true, defaultValue: 'viewer' },
        active: { type: 'boolean', input: false, required: true, defaultValue: true },
      },
    },
    // Asked on every request, so that an end of a session holds at once.
    session: { cookieCache: { enabled: false }, expiresIn: 7 * 86_400, updateAge: 86_400 },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 10,
      max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/change-password': { window: 60, max: 10 } },
    },
    advanced: {
      database: { generateId: 'uuid' },
      // Said aloud: the library leaves both checks out where NODE_ENV is test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: 'twostage',
      useSecureCookies: settings.publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    databaseHooks: {
      account: {
        update: {
          after: async ({ userId }) => {
            await audit(prisma, userId, 'person.changePassword', `user:${userId}`);
          },
        },
      },
      session: {
        create: {
          before: async (session) => {
            const user = await prisma.user.findUnique({ where: { id: session.userId }, select: { active: true } });
            if (!user?.active) throw new APIError('FORBIDDEN', { message: 'this account was deactivated' });
          },
          after: async ({ userId, ipAddress }) => {
            await audit(prisma, userId, 'session.start', `user:${userId}`, { address: ipAddress ?? null });
          },
        },
        delete: {
          after: async (session) => {
            await announceSessionsChanged(prisma, session.userId);
          },
        },
      },
    },
    logger: {
      log: (level, message, ...details) => {
        const thrown = details.find((detail) => detail instanceof Error);
        settings.log[level]({ error: thrown ? messageOf(thrown) : undefined }, message);
      },
    },
  });
}
export type Auth = ReturnType<typeof createAuth>;
