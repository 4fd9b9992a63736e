import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FamilyDefinition } from '@twostage/core/families/family';
import { type Metrics, metricsSchema } from '@twostage/core/runs/training';
import { Database, quoteText } from '@twostage/data/database';
import { readPortfolio } from '@twostage/data/portfolio';
import { families } from '@twostage/families/catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMarket } from '../../test/market.ts';
import type { RunRecord } from '../orchestrator/runRecord.ts';

const bin = path.resolve(import.meta.dirname, '../../../../scripts/twostage.mjs');
let root: string;
const inRoot = (name: string) => path.join(root, name);
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-families-'));
  await writeMarket(inRoot('market'), ['AAA', 'BBB', 'CCC'], 200);
  for (const symbol of ['AAA', 'BBB', 'CCC']) await spoil(inRoot(`market/${symbol}.csv`));
  await writeMarket(inRoot('short'), ['AAA', 'BBB'], 50);
  await writeMarket(inRoot('alone'), ['AAA'], 200);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A feature that never varies, one that is always missing, a target with holes, and one that is never known. */
async function spoil(file: string): Promise<void> {
  const [header, ...rows] = (await readFile(file, 'utf8')).trim().split('\n');
  const spoilt = rows.map((row, i) => `${row},7,,${i % 7 === 3 ? '' : Math.sin(i) / 100},`);
  await writeFile(file, `${[`${header},constant,missing,y_holes,y_never`, ...spoilt].join('\n')}\n`);
}

/** So few steps that a fit takes a moment. */
const quick: Record<string, number> = { rounds: 5, epochs: 1, passes: 1, maxSteps: 4, batchSize: 64, minLeafRows: 5 };
const settings = families.flatMap(({ id, parameters }) =>
  Object.entries(quick).flatMap(([name, value]) => (name in parameters.shape ? [`${id}.${name}=${value}`] : [])),
);

function train(data: string, out: string, ...flags: string[]) {
  const given = ['--data-dir', data, '--output-dir', out, '--folds', '1', '--lookback', '4', '--no-training-plan'];
  const environment = { ...process.env, NO_COLOR: '1' };
  const sets = flags.includes('--families') ? [] : ['--set', ...settings];
  const args = [bin, 'train', ...given, ...flags, ...sets];
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: environment });
}
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const idOf = ({ id, targets }: FamilyDefinition) =>
  targets === 'together' ? `${id}.y_holes+fwd_ret_1d.all` : `${id}.y_holes.all`;

describe('every family through the command line, on data with every bad habit', () => {
  let record: RunRecord;
  beforeAll(async () => {
    const { status, stderr } = train('market', 'out', '--targets', 'y_holes', 'fwd_ret_1d', '--memory-cap', '3000');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    record = JSON.parse(await readFile(inRoot('out/run.json'), 'utf8'));
  }, 400_000);

  it.each(families)('$id completes, with figures and forecasts that are numbers', async (family) => {
    const training = record.trainings.find(({ spec }) => spec.id === idOf(family))!;
    if (training.outcome?.kind !== 'completed') throw new Error(`expected completed, got ${training.state}`);
    const { metrics, byTarget, tearSheet, tearSheetNotes } = training.outcome.result;
    for (const each of [metrics, ...(byTarget ?? []).map((judged) => judged.metrics)]) expectDefined(each, family);
    expect(byTarget?.length).toBe(family.targets === 'together' ? 2 : undefined);
    expect(tearSheet!.length, tearSheetNotes!.join()).toBeGreaterThan(8);
    const tables = await readPortfolio(inRoot(`out/trainings/${training.spec.id}`));
    expect(tables.map(({ bars }) => bars.length)).toEqual(
      (byTarget ?? [{ metrics }]).map((judged) => judged.metrics.portfolio!.bars),
    );
    const db = await Database.open({ threads: 1 });
    const file = inRoot(`out/trainings/${training.spec.id}/predictions.parquet`);
    const [table] = await db.rows(
      `SELECT count(*) AS rows, count(*) FILTER (WHERE prediction IS NULL OR NOT isfinite(prediction)) AS gone FROM read_parquet(${quoteText(file)})`,
    );
    const columns = await db.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(file)})`);
    db.close();
    expect(table!.rows).toBeGreaterThan(0);
    expect(table!.gone).toBe(0);
    const names = columns.map(({ column_name }) => column_name);
    expect(names.slice(0, 4)).toEqual(['symbol', 'time', 'fold', 'prediction']);
    if (family.output === 'quantiles') expect(names).toContain('q0.1');
    if (family.output === 'distribution') expect(names.includes('deviation') || names.includes('draws')).toBe(true);
    if (family.targets === 'together') expect(names).toContain('prediction_fwd_ret_1d');
  });

  it('every family is a trial of both targets, by what trading on it earned', () => {
    expect(record.selections.map(({ target, trials }) => [target, trials]).sort()).toEqual([
      ['fwd_ret_1d', families.length],
      ['y_holes', families.length],
    ]);
    for (const { ranking, bars, effectiveTrials } of record.selections) {
      expect(bars).toBeGreaterThan(20);
      expect(effectiveTrials).toBeGreaterThan(1);
      expect(
        ranking.filter(({ netSharpe, deflated }) => netSharpe !== null && deflated !== null).length,
      ).toBeGreaterThan(families.length / 2);
    }
  });
});

/** JSON makes null of what is not a number: none of what the family is judged by may be. */
function expectDefined(metrics: Metrics, family: FamilyDefinition): void {
  expect(metricsSchema.parse(metrics)).toEqual(metrics);
  expect(metrics.rows).toBeGreaterThan(0);
  expect(metrics.portfolio?.turnover).toBeTypeOf('number');
  if (family.output === 'position') expect(metrics.policy?.turnover).toBeTypeOf('number');
  for (const key of ['mse', 'mae', 'r2'] as const) {
    expect(metrics[key] === null, key).toBe(family.output === 'position');
    expect(metrics.standardErrors![key] === null, key).toBe(family.output === 'position');
  }
}

describe('what a family cannot be trained on is said in one line, and nothing is left behind', () => {
  it.each<[string, string, string[], RegExp]>([
    ['50 bars', 'short', [], /^error: 1 fold with lookback 4, .* need at least \d+ bars; there are 50$/],
    ['a lookback longer than the history', 'alone', ['--lookback', '300'], /need at least \d+ bars; there are 200$/],
    [
      'one symbol for MetaLearning',
      'alone',
      ['--families', 'MetaLearning'],
      /^error: MetaLearning cannot be trained: it needs at least 2 symbols, there is 1$/,
    ],
    ...families
      .filter(({ targets }) => targets === 'together')
      .map(({ id }): [string, string, string[], RegExp] => [
        `one target for ${id}`,
        'market',
        ['--families', id],
        new RegExp(`^error: ${id} cannot be trained: it needs at least 2 targets, there is 1$`),
      ]),
  ])('%s', (_, data, flags, message) => {
    const { status, stderr } = train(data, 'refused', ...flags);
    expect(lines(stderr)).toEqual([expect.stringMatching(message)]);
    expect(status).toBe(2);
    expect(existsSync(inRoot('refused'))).toBe(false);
  });

  it('a target that is never known costs its trainings, each with its reason', async () => {
    const given = ['--targets', 'y_never', 'fwd_ret_1d', '--families', 'FTRLProximal'];
    const { status, stdout, stderr } = train('market', 'never', ...given);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/FTRLProximal\.y_never\.all: failed: .*y_never is missing on every one/);
    expect(stdout).toMatch(/FTRLProximal\.fwd_ret_1d\.all: completed/);
    expect(status).toBe(1);
  });
});
