import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseMasterPlan } from '@twostage/core/plans/masterPlan';
import { writeScenario } from '@twostage/data/simulate/scenarios/writeScenario';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = path.resolve(import.meta.dirname, '../../../../../scripts/twostage.mjs');
let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-plan-'));
  await writeScenario({
    scenario: 'predictability',
    outputDir: path.join(root, 'market'),
    symbols: 4,
    bars: 700,
    seed: 3,
  });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const env = { ...process.env, NO_COLOR: '1' };
const twostage = (...given: string[]) =>
  spawnSync(process.execPath, [bin, ...given], { cwd: root, encoding: 'utf8', env });
const build = ['plan', 'build', '--data-dir', 'market', '--permutations', '25'];

describe('twostage plan build', () => {
  it('writes a plan that train executes, its page and its views, the same again with the same seed', async () => {
    const targets = ['--targets', 'y_noise_1d', 'y_pooled_1d', 'y_leaked_1d', 'y_short_1d'];
    const { status, stdout, stderr } = twostage(...build, ...targets, '--output-dir', 'out');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/y_pooled_1d +cross sectional/);
    const folder = path.join(root, 'out/globals/training_plan');
    const read = parseMasterPlan(await readFile(path.join(folder, 'master_training_plan.json'), 'utf8'));
    if (read.kind !== 'plan') throw new Error(JSON.stringify(read));
    const { metadata, jobs, summary } = read.plan;
    const pooled = Object.fromEntries(jobs.filter(({ symbol }) => symbol === null).map((job) => [job.target, job]));
    expect(pooled.y_pooled_1d).toMatchObject({ route: 'ROUTE_CROSS_SECTIONAL', metadata: { finding: 'found' } });
    expect(pooled.y_pooled_1d!.model_families).toContain('LightGBM');
    expect(pooled.y_noise_1d).toMatchObject({ route: 'ROUTE_BLOCKED', metadata: { finding: 'nothing' } });
    expect(pooled.y_leaked_1d).toMatchObject({ route: 'ROUTE_BLOCKED', reason: expect.stringMatching(/^Leak: /) });
    expect(pooled.y_short_1d).toMatchObject({ route: 'ROUTE_BLOCKED', reason: expect.stringMatching(/^Too small/) });
    expect(metadata).toMatchObject({
      ...{ total_jobs: 20, config_hash: expect.stringMatching(/^[0-9a-f]{64}$/), seed: 42 },
      ...{
        policy: { shifts: 25, treeShifts: 25 },
        dataset: { bars: 700, symbols: ['SIM01', 'SIM02', 'SIM03', 'SIM04'] },
      },
    });
    expect(summary).toMatchObject({ ranking: [{ target: 'y_pooled_1d' }, {}, {}, {}] });
    expect((await readdir(path.join(folder, 'by_target'))).length).toBe(4);
    expect(await readdir(path.join(folder, 'by_symbol'))).toContain('SIM04.json');
    expect(await readFile(path.join(folder, 'training_plan.md'), 'utf8')).toContain('How to read the reasons');

    const again = twostage(...build, ...targets, '--output-dir', 'again', '--json', '--threads', '1');
    const last = JSON.parse(again.stdout.trim().split('\n').at(-1)!);
    expect(last).toMatchObject({ kind: 'plan', summary: { total_jobs: 20 } });
    const repeated = parseMasterPlan(await readFile(path.join(last.folder, 'master_training_plan.json'), 'utf8'));
    expect(repeated.kind === 'plan' && repeated.plan.jobs).toEqual(jobs);
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown target', ['--targets', 'y_nothing'], /target "y_nothing": neither a column of the files/],
    ['an unknown symbol', ['--symbols', 'SIM1'], /--symbols: no symbol "SIM1" in market; did you mean SIM0\d/],
    ['too few permutations', ['--permutations', '3'], /^error: --permutations: .*>=19.*, got 3$/],
    ['a policy that is not there', ['--policy', 'none.json'], /^error: --policy: none\.json: expected a JSON file/],
    [
      'a threshold out of range',
      ['--policy', 'bad.json'],
      /^error: --policy: bad\.json: falseDiscoveryRate: .*, got 2$/,
    ],
    ['a threshold there is not', ['--policy', 'unknown.json'], /^error: --policy: unknown\.json: .*"rate"/],
  ])('%s is one line, exit code 2, and nothing is written', async (_, flags, message) => {
    await writeFile(path.join(root, 'bad.json'), '{"falseDiscoveryRate": 2}');
    await writeFile(path.join(root, 'unknown.json'), '{"rate": 2}');
    const { status, stderr } = twostage('plan', 'build', '--data-dir', 'market', ...flags, '--output-dir', 'none');
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
    expect(status).toBe(2);
    expect(existsSync(path.join(root, 'none'))).toBe(false);
  });

  it('stopped, leaves the plan that was there, no process and nothing else', async () => {
    const targets = ['--targets', 'y_pooled_1d'];
    expect(twostage(...build, ...targets, '--output-dir', 'kept').status).toBe(0);
    const file = path.join(root, 'kept/globals/training_plan/master_training_plan.json');
    const before = await readFile(file, 'utf8');
    const work = path.join(root, 'work');
    const child = spawn(
      process.execPath,
      [bin, ...build, ...targets, '--output-dir', 'kept', '--permutations', '9999', '--json'],
      {
        cwd: root,
        env: { ...env, TMPDIR: await mkdtemp(`${work}-`) },
      },
    );
    let output = '';
    const measuring = new Promise<void>((resolve) =>
      child.stdout.on('data', (text) => {
        output += text;
        if (output.includes('"measuring"')) resolve();
      }),
    );
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await measuring;
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(path.join(root, 'kept/globals'))).toEqual(['training_plan']);
    const [temporary] = (await readdir(root)).filter((name) => name.startsWith('work-'));
    expect((await readdir(path.join(root, temporary!))).filter((name) => /plan|task/.test(name))).toEqual([]);
  });
});
