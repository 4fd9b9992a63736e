import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'twostage-config-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const whole = { NODE_ENV: 'test', DATABASE_URL: 'postgresql://db/x', TWOSTAGE_HOME: home } as const;

describe('readConfig', () => {
  it('fills in what is not set', () => {
    expect(readConfig(whole)).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      home,
      publicUrl: null,
      dataRoots: [path.join(home, 'data')],
      trustProxy: false,
    });
  });

  it('makes a secret once, for its owner only, and leaves the others in the file alone', () => {
    const first = readConfig(whole).authSecret;
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(readConfig(whole).authSecret).toBe(first);
    const file = path.join(home, 'secrets.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ auth: first });
  });

  it('takes several data roots and the origin of a public address', () => {
    const given = { ...whole, TWOSTAGE_DATA_ROOTS: '/a:/b/../c', PUBLIC_URL: 'https://models.example.com/start' };
    const config = readConfig(given);
    expect(config.dataRoots).toEqual([path.join(home, 'data'), '/a', '/c']);
    expect(config.publicUrl).toBe('https://models.example.com');
  });

  it.each([
    ['DATABASE_URL', '', /^DATABASE_URL is not set; /],
    ['PORT', 'http', /^PORT is not a port$/],
    ['PORT', '70000', /^PORT /],
    ['BETTER_AUTH_SECRET', 'short', /^BETTER_AUTH_SECRET has fewer than 32 characters$/],
    ['PUBLIC_URL', 'models.example.com', /^PUBLIC_URL is not an http\(s\) URL$/],
    ['PUBLIC_URL', 'ftp://example.com', /^PUBLIC_URL is not an http\(s\) URL$/],
    ['TRUST_PROXY', 'yes', /^TRUST_PROXY is 0 or 1$/],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => readConfig({ ...whole, [name]: value })).toThrow(message);
  });
});
