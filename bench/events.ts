/**
 * From a child process to a real browser page: 1,000 events a second through the runner's event sink, PostgreSQL, the web
 * server's feed and a socket, on one machine. Prints the latency from the moment the child speaks to the moment the page's
 * script has it and to the next frame drawn, and how long frames took meanwhile.
 *
 *   node --import tsx bench/events.ts [--rate 1000] [--seconds 20]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { runConfigSchema } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { renewEveryMs, renewLease, takeLease } from '@twostage/prisma/leases';
import { LogSink } from '@twostage/prisma/logSink';
import { openJobQueue } from '@twostage/prisma/queue';
import { createRun } from '@twostage/prisma/runs';
import { runChild } from '../apps/runner/src/training-process/parent.ts';
import { browserOptions, startStack } from './stack.ts';

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '20' } },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const training = {
  id: 'LightGBM.fwd_ret_1d.all',
  family: 'LightGBM',
  target: 'fwd_ret_1d',
  scope: { kind: 'crossSectional' },
  stage: 'cpu',
} as const;

async function main(): Promise<void> {
  const stack = await startStack();
  const database = createDatabaseClient(stack.databaseUrl);
  const browser = await chromium.launch(browserOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript({ path: path.join(import.meta.dirname, 'children/watch-page.js') });
    await stack.signIn(page);
    await measure(database, stack.databaseUrl, stack.url, page);
  } finally {
    await browser.close();
    await database.$disconnect();
    await stack.stop();
  }
}

async function measure(database: Database, databaseUrl: string, url: string, page: Page): Promise<void> {
  const queue = await openJobQueue(databaseUrl, { supervise: false, onError: console.error });
  const config = runConfigSchema.parse({ name: 'event latency', dataDir: '/' });
  const { id } = await database.$transaction((tx) =>
    createRun(tx, queue, { config, datasetId: null, createdById: null }),
  );
  const token = await takeLease(database, id, 'bench');
  if (!token) throw new Error('the run could not be leased: is a runner alive?');
  const renewing = setInterval(() => void renewLease(database, id, token), renewEveryMs);
  const sink = new LogSink(database, { runId: id, leaseToken: token });
  const say = (...events: RunEvent[]) => sink.append(events);
  const state = (to: 'preparing' | 'running' | 'completed'): RunEvent => ({
    kind: 'run.stateChanged',
    state: to,
    reason: null,
    runner: 'bench',
  });
  await say(
    state('preparing'),
    { kind: 'run.planned', trainings: [training], folds: [], summary: [] },
    state('running'),
    { kind: 'stage.started', stage: 'cpu' },
  );
  await page.goto(`${url}/runs/${id}?tab=logs`);
  await page.getByRole('tab', { name: /logs/i }).waitFor();
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    const { seen } = window as unknown as { seen: Record<string, number[]> };
    for (const list of Object.values(seen)) list.length = 0;
  });

  const directory = mkdtempSync(path.join(os.tmpdir(), 'twostage-events-'));
  const abort = new AbortController();
  const startedMs = Date.now();
  const child = runChild({
    job: { kind: 'probe', engine: 'lightgbm' },
    directory,
    env: { ...process.env, EVENTS_RATE: String(rate), EVENTS_SECONDS: String(seconds) },
    deadlineMs: (seconds + 30) * 1000,
    memoryCapBytes: 2 ** 31,
    graceMs: 1000,
    signal: abort.signal,
    command: { file: process.execPath, args: [path.join(import.meta.dirname, 'children/speaks.mjs')] },
    onStarted: (pid) => void say({ kind: 'training.started', training: training.id, pid, threads: 1 }),
    onMessage: (message) => {
      if (message.type === 'note')
        void say({ kind: 'log', training: training.id, stream: 'runner', line: message.line });
    },
    onLine: () => {},
  });
  await child;
  const tookMs = Date.now() - startedMs;
  await page
    .waitForFunction(
      (count) => (window as unknown as { seen: { arrived: number[] } }).seen.arrived.length >= count,
      rate * seconds,
      { timeout: 30_000 },
    )
    .catch(() => {});
  const seen = await page.evaluate(
    () => (window as unknown as { seen: { arrived: number[]; drawn: number[]; frames: number[] } }).seen,
  );
  clearInterval(renewing);
  await queue.stop(0);
  rmSync(directory, { recursive: true });
  report(seen, tookMs);
}

function report(seen: { arrived: number[]; drawn: number[]; frames: number[] }, tookMs: number): void {
  const line = (title: string, list: number[]) => {
    const sorted = Float64Array.from(list).sort();
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1).padStart(8);
    console.log(`${title.padEnd(34)}${at(0.5)}${at(0.95)}${at(0.99)}${at(1)}`);
  };
  console.log(
    `${seen.arrived.length} of ${rate * seconds} events arrived; said over ${(tookMs / 1000).toFixed(1)} s (${(seen.arrived.length / (tookMs / 1000)).toFixed(0)} a second)`,
  );
  console.log(`${'milliseconds'.padEnd(34)}${['p50', 'p95', 'p99', 'max'].map((name) => name.padStart(8)).join('')}`);
  line('child → page script', seen.arrived);
  line('child → frame drawn', seen.drawn);
  line('time between frames', seen.frames);
}

await main();
