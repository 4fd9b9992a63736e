import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { appendEvents } from '@twostage/prisma/eventLog';
import type { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppRouter } from '../api/router.ts';
import { addDataset, addRun } from '../testing/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/testServer.ts';
import { listenOnFreePort } from './listen.ts';

let server: TestServer;
let cookie: string;
let userId: string;
beforeAll(async () => {
  server = await startTestServer();
  const user = await server.addUser('member');
  userId = user.id;
  cookie = await server.signIn(user.email);
});
afterAll(() => server.close());

const get = (target: string, headers: Record<string, string> = {}) => fetch(`${server.url}${target}`, { headers });

describe('every answer', () => {
  it('carries a policy that lets no outside script in, with a new nonce each', async () => {
    const policies = await Promise.all(['/', '/'].map(async (page) => (await get(page)).headers));
    const [first, second] = policies.map((headers) => headers.get('content-security-policy')!);
    expect(first).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic'; /);
    expect(first).not.toMatch(/script-src[^;]*unsafe/);
    expect(first).not.toMatch(/https?:|\*/);
    expect(first).not.toBe(second);
    expect(policies[0]!.get('x-content-type-options')).toBe('nosniff');
    expect(policies[0]!.get('x-frame-options')).toBe('DENY');
    expect(policies[0]!.get('referrer-policy')).toBe('same-origin');
    expect(policies[0]!.get('x-powered-by')).toBeNull();
  });
});

describe('/api/health', () => {
  it('answers strangers, and nothing but that', async () => {
    const response = await get('/api/health');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('requests of other sites', () => {
  const body = JSON.stringify({ json: { name: 'x', path: '/x' } });
  const register = (headers: Record<string, string>) =>
    fetch(`${server.url}/api/trpc/datasets.register`, { method: 'POST', headers: { cookie, ...headers }, body });
  const json = { 'content-type': 'application/json' };

  it.each([
    ['an origin elsewhere', { ...json, origin: 'http://evil.example' }, 403],
    ['another port of this machine', { ...json, origin: 'http://127.0.0.1:1' }, 403],
    ['a sandboxed page', { ...json, origin: 'null' }, 403],
    ['a browser that says so', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['a form with fields', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('%s is refused', async (_what, headers, status) => {
    expect((await register(headers)).status).toBe(status);
    expect(await server.prisma.dataset.count({ where: { name: 'x' } })).toBe(0);
  });

  it('reads are refused too', async () => {
    const response = await get('/api/trpc/runs.list', { cookie, 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(403);
  });

  it('a mutation is not to be had by GET', async () => {
    const response = await get(`/api/trpc/datasets.register?input=${encodeURIComponent(body)}`, { cookie });
    expect(response.status).toBe(405);
  });

  it('localhost is the same server', async () => {
    const origin = server.url.replace('127.0.0.1', 'localhost');
    expect((await register({ ...json, origin })).status).toBe(400);
  });
});

describe('errors', () => {
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: TRPCClientError<AppRouter>) => error,
    );

  it('a domain error carries its code and the input it speaks of', async () => {
    const datasetId = await addDataset(server.prisma, { name: 'errors' });
    const api = server.api(cookie);
    const error = await failure(api.runs.start.mutate({ datasetId, config: { symbols: ['APL'] } }));
    expect(error?.message).toMatch(/^errors has no symbol "APL"; it has AAPL/);
    expect(error?.data).toMatchObject({
      httpStatus: 400,
      domainCode: 'UNKNOWN_SYMBOL',
      field: 'config.symbols.0',
      issues: [{ field: 'config.symbols.0', message: error?.message }],
    });
    expect(JSON.stringify(error?.data)).not.toMatch(/stack|\.ts/);
  });

  it('a refused input names every field, on one line', async () => {
    const input = { datasetId: '', config: { targets: [], seed: -1 } };
    const error = await failure(server.api(cookie).runs.start.mutate(input));
    expect(error?.message).toMatch(/^datasetId: choose a dataset; config\.targets: choose at least one target; /);
    expect(error?.message).not.toContain('\n');
    const fields = (error!.data as unknown as { issues: { field: string }[] }).issues.map(({ field }) => field);
    expect(fields).toEqual(['datasetId', 'config.targets', 'config.seed']);
  });

  it('a body that is too large is refused', async () => {
    const response = await fetch(`${server.url}/api/trpc/datasets.register`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ json: { name: 'x'.repeat(20_000_000), path: '/' } }),
    });
    expect(response.status).toBe(413);
  });

  it('an unknown path under /api is a 404 in JSON', async () => {
    const response = await get('/api/nothing', { cookie });
    expect([response.status, await response.json()]).toEqual([404, { message: 'there is no GET /api/nothing' }]);
  });
});

describe('the log of a run', () => {
  it('comes as a text file, of one training or of all', async () => {
    const runId = await addRun(server.prisma, server.databaseUrl, { createdById: userId, datasetId: null });
    const { number } = await server.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    const training = 'LightGBM.fwd_ret_1d.all';
    const scope = { kind: 'crossSectional' } as const;
    await appendEvents(server.prisma, {
      runId,
      events: [
        {
          kind: 'run.planned',
          trainings: [{ id: training, family: 'LightGBM', target: 'fwd_ret_1d', scope, stage: 'cpu' }],
          folds: [],
          summary: [],
        },
        { kind: 'log', training: null, stream: 'runner', line: 'reading the data' },
        { kind: 'log', training, stream: 'stdout', line: 'round 1' },
      ],
    });
    const log = `/api/v1/runs/${runId}/log`;
    const all = await get(log, { cookie });
    expect(all.headers.get('content-disposition')).toBe(`attachment; filename="run-${number}.log"`);
    expect((await all.text()).trim().split('\n')).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z run runner reading the data$/),
      expect.stringMatching(/Z LightGBM\.fwd_ret_1d\.all stdout round 1$/),
    ]);
    const one = await get(`${log}?training=${training}`, { cookie });
    expect((await one.text()).trim()).toMatch(/ stdout round 1$/);
    expect((await get(`${log}?training=nothing`, { cookie })).status).toBe(404);
    expect((await get('/api/v1/runs/nothing/log', { cookie })).status).toBe(404);
    expect((await get(log)).status).toBe(401);
  });
});

describe('the port', () => {
  it('is the next one where it is taken, and is written down', async () => {
    const other = createServer();
    const { port } = new URL(server.url);
    const taken: number[] = [];
    const address = await listenOnFreePort(other, Number(port), '127.0.0.1', (each) => taken.push(each));
    other.close();
    expect(taken[0]).toBe(Number(port));
    expect(address.port).toBe((taken.at(-1) as AddressInfo['port']) + 1);
    const ports = JSON.parse(readFileSync(path.join(server.home, 'ports.json'), 'utf8'));
    expect(ports.web).toEqual({ url: server.url, port: Number(port), pid: process.pid });
  });
});
