import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type Role, roles } from '@twostage/core/access/roles';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectionOf } from '../../testing/fixtures.ts';
import { startTestServer, type TestServer } from '../../testing/testServer.ts';
import { browseDataRoots } from '../browseDataRoots.ts';
import type { ServiceContext } from '../context.ts';
import { listDatasets } from '../listDatasets.ts';
import { receiveFile } from './receiveFile.ts';
import { uploadLimits } from './uploadFolder.ts';
import { acceptUpload, beginUpload, discardUpload, getUpload, readUpload } from './uploads.ts';

let server: TestServer;
let queue: JobQueue;
const people = {} as Record<Role, { id: string; cookie: string }>;
beforeAll(async () => {
  server = await startTestServer();
  queue = await openJobQueue(server.databaseUrl, { supervise: false, onError: () => {} });
  for (const role of roles) {
    const { id, email } = await server.addUser(role);
    people[role] = { id, cookie: await server.signIn(email) };
  }
});
afterAll(async () => {
  await queue.stop(0);
  await server.close();
});

const as = (role: Role): ServiceContext => ({
  ...{ prisma: server.prisma, queue, dataRoots: [path.join(server.home, 'data')], publicUrl: server.url },
  actor: { userId: people[role].id, role },
});
let uploadId: string;
beforeEach(async () => {
  ({ uploadId } = await beginUpload(as('member')));
});
const folder = () => path.join(server.home, 'data', 'uploads', uploadId);
const csv = 'Trade Dt,Px_Last\n2020-01-01,1\n';
const send = (name: string, body: string | Buffer, as: Role | null = 'member') =>
  fetch(`${server.url}/api/v1/uploads/${uploadId}/files/${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { origin: server.url, ...(as && { cookie: people[as].cookie }) },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
const said = { columns: { time: 'Trade Dt', close: 'Px_Last' }, ignore: [], timeZone: 'America/New_York' };
/** What a runner says of it. */
const read = () =>
  server.prisma.dataset.update({
    where: { id: uploadId },
    data: { status: 'ready', inspection: inspectionOf(['AAA'], 300) as object },
  });

describe('an upload', () => {
  it('takes files, is read as its person says, and becomes a dataset once it is accepted', async () => {
    expect(await (await send('AAA.csv', csv)).json()).toEqual({ name: 'AAA.csv', bytes: csv.length });
    await send('BBB.csv.gz', gzipSync(csv));
    expect(await getUpload(as('member'), { uploadId })).toMatchObject({
      ...{ state: 'open', files: [{ name: 'AAA.csv', bytes: csv.length }, { name: 'BBB.csv.gz' }] },
    });
    await readUpload(as('member'), { uploadId, ...said });
    expect(JSON.parse(readFileSync(path.join(folder(), 'dataset.json'), 'utf8'))).toEqual(said);
    expect(await getUpload(as('member'), { uploadId })).toMatchObject({ state: 'inspecting', said });
    await expect(acceptUpload(as('member'), { uploadId, name: 'mine' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await listDatasets(as('member'))).datasets).toEqual([]);
    await read();
    expect(await getUpload(as('member'), { uploadId })).toMatchObject({ state: 'ready', symbols: ['AAA'] });
    await acceptUpload(as('member'), { uploadId, name: 'mine' });
    expect((await listDatasets(as('viewer'))).datasets).toMatchObject([{ id: uploadId, name: 'mine', state: 'ready' }]);
    await expect(send('CCC.csv', csv).then((response) => response.status)).resolves.toBe(409);
    const steps = await server.prisma.auditEntry.findMany({
      where: { subject: `dataset:${uploadId}` },
      orderBy: { at: 'asc' },
    });
    expect(steps.map(({ action }) => action)).toEqual(['upload.begin', 'upload.read', 'upload.accept']);
  });

  it('a name that is taken is refused, and the upload is still there', async () => {
    await send('AAA.csv', csv);
    await readUpload(as('member'), { uploadId, ...said });
    await read();
    await expect(acceptUpload(as('member'), { uploadId, name: 'mine' })).rejects.toMatchObject({ field: 'name' });
    await acceptUpload(as('member'), { uploadId, name: 'mine too' });
  });

  it('discarded, it is gone with its files', async () => {
    await send('AAA.csv', csv);
    await discardUpload(as('member'), { uploadId });
    expect(existsSync(folder())).toBe(false);
    expect(await server.prisma.dataset.findUnique({ where: { id: uploadId } })).toBeNull();
  });

  it('left for a day, it is removed when the next begins', async () => {
    await send('AAA.csv', csv);
    const long = new Date(Date.now() - 25 * 3_600_000);
    await server.prisma.$executeRaw`UPDATE dataset SET updated_at = ${long} WHERE id = ${uploadId}`;
    await beginUpload(as('approver'));
    expect(existsSync(folder())).toBe(false);
  });

  it('is nobody else’s', async () => {
    const [foreign, admins] = [await send('AAA.csv', csv, 'approver'), await send('AAA.csv', csv, 'admin')];
    expect([foreign.status, admins.status]).toEqual([404, 200]);
    await expect(discardUpload(as('approver'), { uploadId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(beginUpload(as('viewer'))).rejects.toMatchObject({
      message: 'registering a dataset needs the role member; your role is viewer',
    });
    expect((await send('AAA.csv', csv, 'viewer')).status).toBe(403);
    expect((await send('AAA.csv', csv, null)).status).toBe(401);
  });
});

describe('what is no file of data is refused in one line, and leaves nothing', () => {
  it.each<[string, string, string | Buffer, RegExp]>([
    ['a name that leads out', '../x.csv', csv, /names a folder/],
    ['a name with a folder', 'a/b.csv', csv, /names a folder/],
    ['a hidden name', '.hidden.csv', csv, /is no file of data/],
    ['another kind of file', 'run.exe', 'MZ', /is no file of data; \.csv, \.tsv/],
    ['a second ending', 'AAA.csv.exe', csv, /is no file of data/],
    ['a control character', 'A\u0007.csv', csv, /holds a control character/],
    ['a name too long', `${'x'.repeat(300)}.csv`, csv, /longer than 255 bytes/],
    ['an empty file', 'AAA.csv', '', /^AAA\.csv is empty$/],
    ['text called Parquet', 'AAA.parquet', csv, /is no Parquet file: it does not begin with PAR1/],
    ['Parquet called text', 'AAA.csv', 'PAR1 and more', /is a Parquet file; name it \.parquet/],
    ['text called gzip', 'AAA.csv.gz', csv, /is no gzip file/],
    ['gzip called text', 'AAA.csv', gzipSync(csv), /is a gzip file; name it \.csv\.gz/],
    ['UTF-16', 'AAA.csv', Buffer.from(csv, 'utf16le'), /holds NUL bytes: UTF-8 text is expected/],
  ])('%s', async (_, name, body, message) => {
    const response = await send(name, body);
    const answer = (await response.json()) as { message: string };
    expect([response.status, answer.message]).toEqual([400, expect.stringMatching(message)]);
    expect(answer.message).not.toContain('\n');
    expect(readdirSync(folder())).toEqual([]);
  });

  it.each<[string, Partial<typeof uploadLimits>, RegExp]>([
    ['a file too large', { fileBytes: 10 }, /AAA\.csv is larger than 10 B, which is the most a file may be/],
    ['an upload too large', { totalBytes: 20 }, /AAA\.csv makes the upload larger than 20 B/],
    ['too many files', { files: 0 }, /an upload has 0 files at most/],
  ])('%s', async (_, limits, message) => {
    const body = Readable.from([Buffer.from(csv.repeat(3))]);
    await expect(
      receiveFile(as('member'), { uploadId, name: 'AAA.csv' }, body, { ...uploadLimits, ...limits }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(message) });
    expect(readdirSync(folder())).toEqual([]);
  });

  it('a connection that breaks off', async () => {
    const control = new AbortController();
    const body = new ReadableStream({
      start: (stream) => stream.enqueue(new TextEncoder().encode(csv)),
    });
    const sending = fetch(`${server.url}/api/v1/uploads/${uploadId}/files/AAA.csv`, {
      ...{ method: 'PUT', body, duplex: 'half', signal: control.signal },
      headers: { origin: server.url, cookie: people.member.cookie },
    } as RequestInit);
    await expect.poll(() => readdirSync(folder()).length).toBe(1);
    control.abort();
    await expect(sending).rejects.toThrow();
    await expect.poll(() => readdirSync(folder())).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['a role there is not', { columns: { mid: 'x' } }, /mid/],
    ['a time zone there is not', { columns: {}, timeZone: 'Mars/Olympus' }, /name of a time zone/],
    ['no file yet', { columns: {} }, /no file to read yet/],
  ])('to be read with %s', async (_, input, message) => {
    await expect(server.api(people.member.cookie).uploads.read.mutate({ uploadId, ...input })).rejects.toThrow(message);
    expect(readdirSync(folder())).toEqual([]);
  });
});

describe('the browser of data roots', () => {
  it('shows folders and data below the roots, and nothing else', async () => {
    await send('AAA.csv', csv);
    const [root] = as('member').dataRoots;
    expect(await browseDataRoots(as('member'), { path: null })).toMatchObject({
      folders: [{ path: root }],
      parent: null,
    });
    expect(await browseDataRoots(as('member'), { path: root! })).toMatchObject({
      ...{ parent: null, folders: [{ name: 'uploads', path: path.join(root!, 'uploads') }] },
    });
    expect(await browseDataRoots(as('member'), { path: folder() })).toMatchObject({
      ...{ parent: path.join(root!, 'uploads'), fileCount: 1, files: [{ name: 'AAA.csv', bytes: csv.length }] },
    });
  });

  it.each<[string, string, string]>([
    ['a folder outside', '/etc', 'PATH_OUTSIDE_ROOTS'],
    ['a way out', '/../../etc', 'PATH_OUTSIDE_ROOTS'],
    ['a folder that is not there', '/nowhere', 'NOT_FOUND'],
  ])('%s is refused', async (_, end, code) => {
    const asked = end === '/etc' ? end : `${as('member').dataRoots[0]}${end}`;
    await expect(browseDataRoots(as('member'), { path: asked })).rejects.toMatchObject({ code });
    await expect(browseDataRoots(as('viewer'), { path: asked })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
