import type { RunEvent } from '@twostage/core/runs/events';
import { appendEvents } from '@twostage/prisma/eventLog';
import pg from 'pg';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientToServer, ServerToClient, SubscribeReply } from '../contracts/live.ts';
import { addRun } from '../testing/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/testServer.ts';

type Client = Socket<ServerToClient, ClientToServer>;
let server: TestServer;
let owner: { id: string; email: string };
let cookie: string;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.addUser('member');
  cookie = await server.signIn(owner.email);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await server.close();
});

function connect(headers: Record<string, string>): Client {
  const client: Client = io(server.url, { extraHeaders: headers, forceNew: true, reconnectionDelay: 20 });
  clients.push(client);
  return client;
}
const refusal = (client: Client) =>
  new Promise<string>((resolve, reject) => {
    client.on('connect_error', (error) => resolve(error.message));
    client.on('connect', () => reject(new Error('was let in')));
  });
const subscribe = (client: Client, runId: string, afterSeq: number): Promise<SubscribeReply> =>
  client.emitWithAck('subscribe', { runId, afterSeq });
const line = (text: string): RunEvent => ({ kind: 'log', training: null, stream: 'runner', line: text });
const newRun = () => addRun(server.prisma, server.databaseUrl, { createdById: owner.id, datasetId: null });
const append = (runId: string, texts: string[]) => appendEvents(server.prisma, { runId, events: texts.map(line) });
async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const sequence = (to: number) => Array.from({ length: to }, (_, index) => index + 1);

describe('sockets', () => {
  it('refuses who is not signed in, a forged cookie and a page of another site', async () => {
    expect(await refusal(connect({}))).toBe('sign in first');
    expect(await refusal(connect({ cookie: cookie.replace(/.{6}$/, 'AAAAAA') }))).toBe('sign in first');
    expect(await refusal(connect({ cookie, origin: 'http://evil.example' }))).toMatch(/xhr poll error|websocket error/);
  });

  it('answers a subscription to a run that is not there, and one that makes no sense', async () => {
    const client = connect({ cookie });
    expect(await subscribe(client, 'no-such-run', 0)).toEqual({
      ok: false,
      code: 'NOT_FOUND',
      message: 'there is no run no-such-run',
    });
    expect(await subscribe(client, 'x', -1)).toMatchObject({ ok: false, code: 'INVALID_INPUT' });
    expect(await client.emitWithAck('subscribe', null as never)).toMatchObject({ ok: false, code: 'INVALID_INPUT' });
  });

  it('replays and goes on live without hole or double while events are appended and connections break', async () => {
    const runId = await newRun();
    await append(
      runId,
      Array.from({ length: 2500 }, (_, index) => `before ${index}`),
    );
    const client = connect({ cookie });
    const received: number[] = [];
    client.on('events', ({ events }) => received.push(...events.map(({ seq }) => seq)));
    let connections = 0;
    client.on('connect', () => {
      connections++;
      void subscribe(client, runId, received.at(-1) ?? 0);
    });

    let last = 2501;
    for (let batch = 0; batch < 120; batch++) {
      const logged = await append(
        runId,
        Array.from({ length: 10 }, (_, index) => `live ${batch} ${index}`),
      );
      last = logged.at(-1)!.seq;
      // The transport breaks in the middle of what is on its way.
      if (batch % 30 === 10) client.io.engine.close();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => received.at(-1) === last);
    expect(received).toEqual(sequence(last));
    expect(connections).toBe(5);
  });

  it('misses nothing when the connection that announces is killed', async () => {
    const runId = await newRun();
    const client = connect({ cookie });
    const received: number[] = [];
    client.on('events', ({ events }) => received.push(...events.map(({ seq }) => seq)));
    expect(await subscribe(client, runId, 0)).toEqual({ ok: true });
    const control = new pg.Client({ connectionString: server.databaseUrl });
    await control.connect();
    const { rowCount } = await control.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'twostage listen run_events' AND datname = current_database()",
    );
    await control.end();
    expect(rowCount).toBe(1);
    await append(runId, ['while nobody listens', 'and again']);
    await until(() => received.length === 3);
    expect(received).toEqual([1, 2, 3]);
  });

  it('subscribing anew to the same run starts over there and doubles nothing', async () => {
    const runId = await newRun();
    await append(runId, ['one', 'two']);
    const client = connect({ cookie });
    const received: number[] = [];
    client.on('events', ({ events }) => received.push(...events.map(({ seq }) => seq)));
    await subscribe(client, runId, 0);
    await until(() => received.length === 3);
    await subscribe(client, runId, 2);
    await append(runId, ['three']);
    await until(() => received.length === 5);
    expect(received).toEqual([1, 2, 3, 3, 4]);
    client.emit('unsubscribe', { runId });
    await subscribe(client, await newRun(), 1);
    await append(runId, ['nobody hears this']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(received).toHaveLength(5);
  });

  it('tells the list which runs changed, thinned', async () => {
    const runId = await newRun();
    const client = connect({ cookie });
    const changes: string[][] = [];
    client.on('runsChanged', ({ runIds }) => changes.push(runIds));
    expect(await client.emitWithAck('watchRuns')).toEqual({ ok: true });
    const startedMs = Date.now();
    while (Date.now() - startedMs < 1500) await append(runId, ['x']);
    await until(() => changes.length > 0);
    expect(changes.flat()).toContain(runId);
    expect(changes.length).toBeLessThanOrEqual(3);
  });

  it('ends with the session: by sign-out, and by deactivation, at once', async () => {
    const admin = await server.addUser('admin');
    const api = server.api(await server.signIn(admin.email));
    const member = await server.addUser('member');
    const ends: ((session: string) => Promise<unknown>)[] = [
      (session) =>
        fetch(`${server.url}/api/auth/sign-out`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: server.url, cookie: session },
          body: '{}',
        }),
      () => api.people.deactivate.mutate({ userId: member.id }),
    ];
    for (const end of ends) {
      const session = await server.signIn(member.email);
      const client = connect({ cookie: session });
      const seen: string[] = [];
      client.on('signedOut', () => seen.push('signedOut'));
      client.on('disconnect', (reason) => seen.push(reason));
      expect(await client.emitWithAck('watchRuns')).toEqual({ ok: true });
      await end(session);
      await until(() => seen.length === 2);
      expect(seen).toEqual(['signedOut', 'io server disconnect']);
    }
  });
});
