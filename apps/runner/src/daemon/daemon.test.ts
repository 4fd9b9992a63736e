import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { featuresByName } from '@twostage/core/runs/featureExpressions';
import { requestCancel } from '@twostage/prisma/runs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDaemon } from './testing/daemonProcess.ts';
import { Installation } from './testing/installation.ts';
import { writeMarket } from './testing/market.ts';

let here: Installation;
let home: string;

beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-daemon-'));
  writeMarket(path.join(home, 'data', 'market'), { symbols: 5, bars: 400 });
});
afterAll(() => rmSync(home, { recursive: true }));
// A database a test: a run that one test leaves is not taken up by the runner of the next.
beforeEach(async () => {
  here = await Installation.open(home);
});
afterEach(() => here.close());

it('takes a queued run to its end and writes where the run page looks', async () => {
  // Without it every weight may be zero, and a constant forecast has no IC.
  const parameters = { FTRLProximal: { l1: 0 } };
  const runId = await here.queueRun({ targets: ['fwd_ret_1d'], parameters });
  await here.start();
  const run = await here.untilState(runId, 'completed');
  expect(run).toMatchObject({ runner: os.hostname(), recoveries: 0 });
  expect(run.summary).toMatchObject({ trainings: { total: 1, completed: 1 }, stages: { cpu: 'done', gpu: 'done' } });
  expect(run.trainings[0]).toMatchObject({ state: 'completed', ic: expect.any(Number), seconds: expect.any(Number) });
  expect(run.startedAt && run.endedAt && run.startedAt < run.endedAt).toBe(true);
  await here.eventsOf(runId);
  await here.until('lease is released', async () => (await here.rowsOf(runId)).leaseToken === null);
});

describe('a supervised runner', () => {
  it('does not live on when its supervisor is gone', async () => {
    const daemon = await here.start({ TWOSTAGE_SUPERVISED: '1' });
    daemon.child.stdin!.end();
    expect(await daemon.ended).toBe(0);
  });
});

describe('cancelling', () => {
  it('ends a run in work at once, keeps what was trained, and frees the runner for the next', async () => {
    const runId = await here.queueRun();
    await here.start();
    const { completed } = await here.untilMidStage(runId);
    const startedAt = Date.now();
    expect(await here.database.$transaction((tx) => requestCancel(tx, runId, null))).toBe('requested');
    const run = await here.untilState(runId, 'cancelled', 30);
    console.log(`cancelled after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    expect(run.trainings.find(({ key }) => key === completed)?.state).toBe('completed');
    expect(run.trainings.filter(({ state }) => state === 'completed' || state === 'cancelled')).toHaveLength(5);
    await here.untilState(await here.queueRun({ targets: ['fwd_ret_1d'] }), 'completed');
    await here.eventsOf(runId);
  });
});

describe('bad input', () => {
  it('fails a run whose data lie outside the data roots, also by a link, in one line', async () => {
    const outside = mkdtempSync(path.join(os.tmpdir(), 'twostage-outside-'));
    writeMarket(outside, { symbols: 1, bars: 10 });
    const link = path.join(home, 'data', 'link');
    symlinkSync(outside, link);
    const leaky = path.join(home, 'data', 'leaky');
    mkdirSync(leaky);
    symlinkSync(path.join(outside, 'S0.csv'), path.join(leaky, 'S0.csv'));
    const runs = await Promise.all([outside, link, leaky].map((dataDir) => here.queueRun({ dataDir })));
    await here.start();
    const roots = path.join(home, 'data');
    const lines = ` lies outside the data roots of this runner (${roots})`;
    expect((await here.untilState(runs[0], 'failed')).reason).toBe(outside + lines);
    expect((await here.untilState(runs[1], 'failed')).reason).toBe(link + lines);
    expect((await here.untilState(runs[2], 'failed')).reason).toBe(
      `${leaky}/S0.csv is a link that leads outside the data roots of this runner`,
    );
    rmSync(outside, { recursive: true });
  });

  it('ends at once where the database does not answer', async () => {
    const env = {
      DATABASE_URL: 'postgresql://me:s3cret@127.0.0.1:1/market',
      TWOSTAGE_HOME: home,
      TWOSTAGE_DATA_ROOTS: home,
    };
    const error = await startDaemon(env).catch((thrown: Error) => thrown);
    expect(String(error)).toContain('no PostgreSQL answers at 127.0.0.1:1/market: connection refused');
    expect(String(error)).not.toContain('s3cret');
  });
});

describe('a registered dataset', () => {
  const register = async (name: string, folder: string) => {
    const { id } = await here.database.$transaction(async (tx) => {
      const dataset = await tx.dataset.create({ data: { name, path: folder } });
      await here.queue.enqueueInspection(tx, dataset.id);
      return dataset;
    });
    return here.until('dataset is read', async () => {
      const dataset = await here.database.dataset.findUniqueOrThrow({ where: { id } });
      return dataset.status !== 'inspecting' && dataset;
    });
  };

  it('is read, or refused with the file and line that are wrong', async () => {
    await here.start();
    const good = await register('good', here.market);
    expect(good).toMatchObject({ status: 'ready', reason: null, simulated: false });
    expect(good.inspection).toMatchObject({
      rows: 2000,
      bars: 400,
      symbols: ['S0', 'S1', 'S2', 'S3', 'S4'],
      interval: '1d',
    });
    const broken = path.join(home, 'data', 'broken');
    mkdirSync(broken);
    writeFileSync(path.join(broken, 'A.csv'), 'date,open,high,low,close,volume\n2020-01-01,1,1,1,many,5\n');
    const refused = await register('broken', broken);
    expect(refused).toMatchObject({ status: 'refused', reason: expect.stringMatching(/A\.csv.*line 2.*close/) });
    expect(await register('nowhere', path.join(home, 'data', 'nowhere'))).toMatchObject({
      status: 'refused',
      reason: `${path.join(home, 'data', 'nowhere')}: there is no such folder`,
    });
  });

  it('has features tried on its bars, each with its own fault', async () => {
    await here.start();
    const { id: datasetId } = await here.database.dataset.create({ data: { name: 'features', path: here.market } });
    const answerOf = async (datasetId: string, given: Record<string, string>) => {
      const check = { datasetId, askedById: 'someone', features: 'auto', expressions: featuresByName(given) } as const;
      const id = await here.database.$transaction((tx) => here.queue.enqueueFeatureCheck(tx, check));
      return here.until('features are checked', async () => (await here.queue.readFeatureCheck(id))!.answer);
    };
    // The database would put the shorter name first.
    const given = {
      _move: 'close / lag(close) OVER past - 1',
      up: '_move > 0',
      to: 'lead(close) OVER past',
      KMID: '1',
    };
    expect(await answerOf(datasetId, given)).toEqual({
      kind: 'checked',
      faults: [
        { name: 'to', message: 'lead() looks at later bars; lag() looks back' },
        { name: 'KMID', message: 'a column or feature of this name exists already' },
      ],
      symbols: ['S0'],
    });
    const outside = await here.database.dataset.create({ data: { name: 'outside', path: os.tmpdir() } });
    expect(await answerOf(outside.id, given)).toEqual({ kind: 'refused', message: expect.stringMatching(/data root/) });
  });
});
