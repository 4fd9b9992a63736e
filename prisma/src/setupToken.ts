import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './client.ts';

/** What is kept of a one-time token. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

const validForMs = 7 * 24 * 3600_000;

/** A fresh one-time token for the first admin, in place of earlier ones; null once there is a person. */
export async function issueSetupToken(database: Database): Promise<string | null> {
  return database.$transaction(async (tx) => {
    if ((await tx.user.count()) > 0) return null;
    const token = randomBytes(24).toString('base64url');
    await tx.setupToken.deleteMany({ where: { usedAt: null } });
    await tx.setupToken.create({ data: { hash: hashToken(token), expiresAt: new Date(Date.now() + validForMs) } });
    return token;
  });
}
