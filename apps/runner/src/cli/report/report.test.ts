import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decimal, signed } from '@twostage/figures/format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMarket } from '../../../test/market.ts';
import type { RunRecord } from '../../orchestrator/runRecord.ts';

const bin = path.resolve(import.meta.dirname, '../../../../../scripts/twostage.mjs');
const sly = '<script>alert(1)</script>';
let root: string;
let trained: ReturnType<typeof twostage>;
let record: RunRecord;
let html: string;

const twostage = (...given: string[]) =>
  spawnSync(process.execPath, [bin, ...given], { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
const read = (file: string) => readFile(path.join(root, file), 'utf8');
/** What a reader sees, a bar between any two elements. */
const textOf = (markup: string) =>
  markup
    .replace(/<style>.*<\/style>/s, '')
    .replaceAll(/<[^>]+>/g, '|')
    .replaceAll(/\|[|\s]*/g, '|');
const articleOf = (id: string) => html.split('<article ').find((part) => part.startsWith(`id="${id}"`))!;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-report-'));
  const market = path.join(root, 'market');
  await writeMarket(market, ['AAA', 'BBB', 'CCC'], 420);
  await rename(path.join(market, 'CCC.csv'), path.join(market, 'C<b>&C.csv'));
  trained = twostage(
    ...['train', '--data-dir', 'market', '--output-dir', 'run', '--report', '--name', `momentum ${sly}`],
    ...['--families', 'LightGBM', 'FTRLProximal', 'MLP', '--set', 'LightGBM.rounds=20', '--targets', 'fwd_ret_5d'],
    ...['--folds', '2', '--lookback', '5', '--threads', '1', '--holdout', '0.15', '--memory-cap', '256'],
    '--no-training-plan',
  );
  record = JSON.parse(await read('run/run.json'));
  html = await read('run/report.html');
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the report of a run', () => {
  it('lies in the run’s folder, and the last line says so', () => {
    expect(trained.stdout).toMatch(/\nreport \(\d+ KiB\) in run\/report\.html\n$/);
  });

  it('is one document that runs and loads nothing', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).not.toMatch(/<script|<link|<iframe|<img|<object|@import|url\(|https?:\/\//);
    expect([...html.matchAll(/ (?:src|href)="([^"]*)"/g)].filter(([, to]) => !to!.startsWith('#'))).toEqual([]);
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(html).toContain('@media print');
  });

  it('shows names as they are, whatever they hold', () => {
    const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;';
    expect(html).toContain(`<title>momentum ${escaped}</title>`);
    expect(html).toMatch(/<dt[^>]*>Symbols<\/dt><dd[^>]*>AAA, BBB, C&lt;b&gt;&amp;C<\/dd>/);
    expect(html).toMatch(new RegExp(`<h1[^>]*>momentum ${escaped.replaceAll(/[()]/g, '\\$&')}</h1>`));
  });

  it('says what it was made of', () => {
    const text = textOf(html);
    expect(text).toContain(`|Files’ hash|${record.contentHash}|`);
    expect(text).toContain(`|Dataset id|${record.datasetId}|`);
    for (const said of [
      '|Seed|42|',
      '|Leaks|not allowed|',
      '|Training plan|none: exploratory|',
      '|Targets|fwd_ret_5d|',
    ])
      expect(text).toContain(said);
    expect(text).toContain(`|Versions|twostage ${record.versions.twostage}, Node ${process.versions.node}, `);
  });

  it('ranks trainings by the figures of the run, and leads to each', () => {
    const text = textOf(html);
    for (const { spec, outcome } of record.trainings) {
      expect(html).toContain(`href="#${spec.id}"`);
      if (outcome?.kind !== 'completed') continue;
      const { ic, rankIc, standardErrors } = outcome.result.metrics;
      expect(text).toContain(
        `|${spec.family}|${signed(ic, 4)}|± ${decimal(standardErrors!.ic, 4)}|${signed(rankIc, 4)}|`,
      );
    }
    const targets = [...html.matchAll(/ href="#([^"]*)"/g)].map(([, to]) => decodeURIComponent(to!));
    const ids = new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    expect(targets.filter((to) => !ids.has(to))).toEqual([]);
  });

  it('judges the choice of the best', () => {
    const [selection] = record.selections;
    const best = selection!.ranking[0]!;
    expect(textOf(html)).toContain(`|${signed(best.netSharpe, 2)}|${decimal(best.deflated, 2)}|`);
    expect(html).toContain('Was the best one chosen by luck?');
  });

  it('draws each training’s sheet, its holdout and how it learnt', () => {
    const sheet = articleOf('LightGBM.fwd_ret_5d.all');
    const outcome = record.trainings.find(({ spec }) => spec.family === 'LightGBM')!.outcome;
    if (outcome?.kind !== 'completed') throw new Error('LightGBM did not complete');
    const { tearSheet, holdout, metrics } = outcome.result;
    for (const { title } of [...tearSheet!, ...holdout!.figures]) expect(sheet).toContain(`aria-label="${title}"`);
    expect(textOf(sheet)).toContain(`|${signed(metrics.holdout!.ic, 4)}|`);
    const drawdown = sheet.slice(sheet.indexOf('aria-label="Drawdown"'));
    expect(drawdown.match(/<path d="M[\d.]+ [\d.]+l[^"]{50,}" fill="none" stroke="var\(--series-1\)"/)).not.toBeNull();
    expect(textOf(sheet)).toMatch(/\|Loss, model for the holdout\|.*\|Training\|Validation\|/);
  });

  it('says why a training has nothing to show', () => {
    const { state, outcome } = record.trainings.find(({ spec }) => spec.family === 'MLP')!;
    expect(state).toBe('killed');
    if (outcome?.kind !== 'killed') throw new Error('MLP was not killed');
    expect(textOf(articleOf('MLP.fwd_ret_5d.all'))).toContain(`|Killed|`);
    expect(articleOf('MLP.fwd_ret_5d.all')).toContain(outcome.message);
  });
});

describe('the report of a run with a training plan', () => {
  it('tells each job by its route and what came of it, and what all symbols came to beside one alone', async () => {
    const job = (id: string, route: string, symbol: string | null, target = 'fwd_ret_1d') => ({
      ...{ job_id: id, target, symbol, route: `ROUTE_${route}`, priority: 0, reason: `as ${id} was found` },
      ...{ training_type: symbol ? 'symbol_specific' : 'cross_sectional' },
      model_families: route === 'BLOCKED' ? [] : ['LightGBM'],
    });
    const jobs = [
      job('together', 'BOTH', null),
      job('alone', 'BOTH', 'AAA'),
      job('dead', 'BLOCKED', null, 'fwd_ret_10d'),
    ];
    await mkdir(path.join(root, 'plan'));
    await writeFile(path.join(root, 'plan/master_training_plan.json'), JSON.stringify({ metadata: {}, jobs }));
    const { status, stderr } = twostage(
      ...['train', '--data-dir', 'market', '--output-dir', 'planned', '--training-plan-dir', 'plan'],
      ...['--folds', '1', '--threads', '1', '--set', 'LightGBM.rounds=20', '--report', 'planned.html'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const planned = await read('planned.html');
    const { plan } = (JSON.parse(await read('planned/run.json')) as RunRecord).config;
    const text = textOf(planned);
    expect(text).toContain(`|Plan’s hash|${plan!.hash}|`);
    expect(text).toMatch(
      /\|together\|fwd_ret_1d\|all symbols\|Both\|1 of 1\|LightGBM\|[+−]0\.\d{4}\|± 0\.\d{4}\|as together was found\|/,
    );
    expect(text).toMatch(/\|alone\|fwd_ret_1d\|AAA\|Both\|1 of 1\|LightGBM\|/);
    expect(text).toContain('|dead|fwd_ret_10d|all symbols|Blocked|–|–|–|as dead was found|');
    expect(text).toContain('|Better|fwd_ret_1d|AAA|LightGBM|');
  });
});

describe('twostage report', () => {
  it('makes the same document again, anywhere', async () => {
    const { status, stderr, stdout } = twostage('report', 'run', '--output', 'papers/first.html');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^report \(\d+ KiB\) in papers\/first\.html\n$/);
    expect(await read('papers/first.html')).toBe(html);
  });

  it('of a run without its events draws all but the losses', async () => {
    await cp(path.join(root, 'run'), path.join(root, 'bare'), { recursive: true });
    await rm(path.join(root, 'bare/events.ndjson'));
    await writeFile(path.join(root, 'bare/run.json'), JSON.stringify({ ...record, features: ['MA5', sly] }));
    expect(twostage('report', 'bare').status).toBe(0);
    const bare = await read('bare/report.html');
    expect(textOf(bare)).toContain('|Cumulative IC|');
    expect(textOf(bare)).toContain('|Features|MA5, &lt;script&gt;alert(1)&lt;/script&gt;|');
    expect(bare).not.toContain('<script');
    expect(bare).not.toContain('Loss, model for the holdout');
  });

  it('of a run that has not ended says so and writes what there is', async () => {
    await cp(path.join(root, 'run'), path.join(root, 'cut'), { recursive: true });
    const events = (await read('run/events.ndjson')).split('\n');
    const cut = events.findIndex((line) => line.includes('"kind":"training.ended"')) + 1;
    await writeFile(path.join(root, 'cut/events.ndjson'), `${events.slice(0, cut).join('\n')}\n{"runId":"ru`);
    const { status, stderr } = twostage('report', 'cut');
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'this run has not ended (running): the report holds what there is\n',
    });
    expect(textOf(await read('cut/report.html'))).toContain('|This run has not ended (running): ');
  });

  it.each<[string, string[], RegExp]>([
    ['no run', ['market'], /^error: market holds no run: there is no run\.json; /],
    ['a folder that is not there', ['nowhere'], /^error: nowhere holds no run: there is no run\.json; /],
    [
      'a folder as the file',
      ['run', '--output', 'market'],
      /^error: --output: market is a folder; expected a file to write$/,
    ],
    [
      'a file as the folder',
      ['run', '--output', 'run/run.json/x.html'],
      /^error: --output: run\/run\.json\/x\.html cannot be written: run\/run\.json is a file$/,
    ],
  ])('%s: one line, exit code 2, nothing written', async (_, given, message) => {
    await mkdir(path.join(root, 'papers'), { recursive: true });
    const before = await readdir(root, { recursive: true });
    const { status, stderr, stdout } = twostage('report', ...given);
    expect(stderr.trimEnd()).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it('train refuses a file that cannot be written before it trains', () => {
    const asked = ['--data-dir', 'market', '--output-dir', 'never', '--no-training-plan', '--report', 'market'];
    const { status, stderr } = twostage('train', ...asked);
    expect(stderr.trimEnd()).toBe('error: --report: market is a folder; expected a file to write');
    expect(status).toBe(2);
  });
});
