import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a URL. Only its hash is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256, hexadecimal: what the database keeps of a token. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');
