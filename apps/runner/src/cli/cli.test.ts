import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loggedEventSchema, qualityReportSchema } from '@twostage/core/runs/events';
import { applyEvent, emptyRunView } from '@twostage/core/runs/view';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKnowing, writeMarket } from '../../test/market.ts';

const bin = path.resolve(import.meta.dirname, '../../../../scripts/twostage.mjs');
let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-cli-'));
  await writeMarket(path.join(root, 'market'), ['AAA', 'BBB', 'CCC'], 400);
  await writeKnowing(path.join(root, 'market'), path.join(root, 'knowing'));
  await writeKnowing(path.join(root, 'market'), path.join(root, 'peeking'), (closes, i) => closes[i + 1]!);
  await mkdir(path.join(root, 'empty'));
  await mkdir(path.join(root, 'text'));
  await writeFile(path.join(root, 'text/AAA.csv'), 'Date,Open,High,Low,Close,Volume\n2020-01-01,1,1,1,cheap,5\n');
  await mkdir(path.join(root, 'foreign'));
  await writeFile(path.join(root, 'foreign/thesis.txt'), 'do not touch');
  await writeFile(path.join(root, 'broken.json'), '{"folds":');
  await writeFile(path.join(root, 'unknown-field.json'), '{"familys": ["LightGBM"]}');
  await writeFile(path.join(root, 'list.json'), '["close"]');
  await writeFile(path.join(root, 'ahead.json'), '{"ahead": "lead(close) OVER past / close"}');
  await writeFile(path.join(root, 'own.json'), '{"momentum": "close / avg(close) OVER w20 - 1"}');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const twostage = (...given: string[]) =>
  spawnSync(process.execPath, [bin, ...given], { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const quick = ['--folds', '1', '--lookback', '5', '--threads', '1', '--no-training-plan'];
const isRunning = (pid: number) => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
};

describe('bad input: one line, exit code 2, nothing written', () => {
  const market = ['--data-dir', 'market', '--output-dir', 'out'];
  it.each<[string, string[], RegExp]>([
    ['no data folder', ['--output-dir', 'out'], /^error: --data-dir is missing: /],
    [
      'unknown flag',
      [...market, '--famlies', 'LSTM'],
      /^error: unknown option '--famlies' \(Did you mean --families\?\)$/,
    ],
    [
      'unknown family',
      [...market, '--families', 'LigthGBM'],
      /^error: unknown family "LigthGBM"; did you mean LightGBM\? There are: /,
    ],
    [
      'unknown symbol',
      [...market, '--symbols', 'AAB'],
      /^error: --symbols: no symbol "AAB" in market; did you mean AAA\? There are: AAA, BBB, CCC$/,
    ],
    [
      'folder that is not there',
      ['--data-dir', 'markt', '--output-dir', 'out'],
      /^error: .*markt: there is no such folder$/,
    ],
    ['empty folder', ['--data-dir', 'empty', '--output-dir', 'out'], /^error: .*empty/],
    ['text in a price', ['--data-dir', 'text', '--output-dir', 'out'], /^error: .*AAA\.csv.*2.*cheap/i],
    ['too many folds', [...market, '--folds', '45'], /^error: 45 folds .* need at least \d+ bars; there are 400$/],
    ['a holdout of most bars', [...market, '--holdout', '0.8'], /^error: --holdout: .*0\.5, got 0\.8$/],
    [
      'a holdout too short to judge on',
      [...market, '--holdout', '0.01'],
      /^error: 3 folds and a holdout of 0\.01 of the bars .* need at least \d+ bars; there are 400$/,
    ],
    [
      'unknown validation',
      [...market, '--validation', 'kfold'],
      /^error: option '--validation <scheme>' argument 'kfold' is invalid\. Allowed choices are walk-forward, cpcv\.$/,
    ],
    [
      'groups that are all tested',
      [...market, '--validation', 'cpcv', '--groups', '4', '--test-groups', '4'],
      /^error: --test-groups: fewer than the 4 groups, so that some are left to train on/,
    ],
    ['folds out of range', [...market, '--folds', '0'], /^error: --folds: .*, got 0$/],
    [
      'folds no number',
      [...market, '--folds', 'three'],
      /^error: option '--folds <n>' argument 'three' is invalid\. Expected a whole number\.$/,
    ],
    [
      'a feature that knows the future',
      ['--data-dir', 'knowing', '--output-dir', 'out'],
      /^error: feature oracle has a rank correlation of 1\.00 with fwd_ret_1d: it knows what only the future does; take it out of the data, or allow leaks \(--allow-leaks\) and the run is marked$/,
    ],
    [
      'a feature that is a later price',
      ['--data-dir', 'peeking', '--output-dir', 'out'],
      /^error: feature oracle equals the close 1 bar ahead: it knows what only the future does; take it out of the data, or allow leaks \(--allow-leaks\) and the run is marked$/,
    ],
    [
      'costs no number',
      [...market, '--cost-bps', 'five'],
      /^error: option '--cost-bps <n>' argument 'five' is invalid\. Expected a number\.$/,
    ],
    ['costs below nothing', [...market, '--cost-bps', '-1'], /^error: --cost-bps: .*, got -1$/],
    ['unknown target', [...market, '--targets', 'y_nothing'], /^error: .*y_nothing/],
    [
      'target that is none',
      [...market, '--targets', 'close'],
      /^error: --targets: a target is fwd_ret_\{k\}d, .*, got "close"$/,
    ],
    [
      'unknown feature set',
      [...market, '--features', 'alpha360'],
      /^error: option '--features <set>' argument 'alpha360' is invalid\. Allowed choices are alpha158, basic, given\.$/,
    ],
    [
      'unknown normalisation',
      [...market, '--normalisation', 'zscore'],
      /^error: option '--normalisation <how>' argument 'zscore' is invalid\. Allowed choices are robust-z, rank, none\.$/,
    ],
    ['lag before the signal', [...market, '--target-lag', '-1'], /^error: --target-lag: .*>=0, got -1$/],
    [
      'features that are not there',
      [...market, '--features', 'given'],
      /^error: it was said that the features are given, but no file has a numeric column beside prices/,
    ],
    [
      'features of one’s own that are no names',
      [...market, '--feature-config', 'list.json'],
      /^error: --feature-config: list\.json holds a list; expected an object$/,
    ],
    [
      'a feature that looks ahead',
      [...market, '--feature-config', 'ahead.json'],
      /^error: feature "ahead": lead\(\) looks at later bars; lag\(\) looks back$/,
    ],
    ['unknown mode', [...market, '--model-types', 'seq'], /^error: --model-types: .*"sequential".*, got "seq"$/],
    ['unknown device', [...market, '--device', 'gpu'], /^error: --device: .*"cuda".*, got "gpu"$/],
    [
      'nothing left to train',
      [...market, '--model-types', 'cross-sectional', '--families', 'LSTM'],
      /^error: nothing to train: /,
    ],
    [
      'unknown parameter',
      [...market, '--set', 'LightGBM.rouds=3'],
      /^error: --set: unknown parameter of LightGBM "rouds"; did you mean rounds\?/,
    ],
    ['parameter out of bounds', [...market, '--set', 'LightGBM.rounds=0'], /^error: LightGBM\.rounds: .*, got 0$/],
    ['config that is no JSON', [...market, '--config', 'broken.json'], /^error: --config: broken\.json is not JSON: /],
    ['config that is not there', [...market, '--config', 'none.json'], /^error: --config: none\.json cannot be read/],
    [
      'config with an unknown field',
      [...market, '--config', 'unknown-field.json'],
      /^error: --config: unknown-field\.json: unknown field "familys"; did you mean families\?/,
    ],
    [
      'someone else’s folder',
      ['--data-dir', 'market', '--output-dir', 'foreign'],
      /^error: --output-dir: foreign is not empty and holds no run \(there is thesis\.txt\)/,
    ],
  ])('%s', async (_, given, message) => {
    const before = await readdir(root, { recursive: true });
    const { status, stderr, stdout } = twostage('train', ...given);
    expect(lines(stderr)).toEqual([expect.stringMatching(message)]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it.each<[string[], RegExp]>([
    [['trian'], /^error: unknown command 'trian' \(Did you mean train\?\)$/],
    [['inspect', 'nowhere'], /^error: .*nowhere: there is no such folder$/],
    [['inspect', 'text'], /^error: AAA\.csv, line 2, column Close: expected a number, got "cheap"$/],
    [['inspect', 'market', '--top', '-1'], /^error: --top: expected 0 or more, got -1$/],
    [['runs', 'nowhere'], /^error: nowhere: no such folder; /],
    [['compare', 'market'], /^error: compare takes two or more runs, got 1$/],
    [['predict', 'market'], /^error: market holds no run: /],
    [
      ['simulate', '--output-dir', 'new', '--scenario', 'memmory'],
      /^error: unknown scenario "memmory"; did you mean memory\? There are: interaction, /,
    ],
    [
      ['simulate', '--output-dir', 'new', '--scenario', 'memory', '--bars', '10'],
      /^error: bars: expected a whole number from 200 to 20000, got 10$/,
    ],
    [['families', 'LTSM'], /^error: unknown family "LTSM"; did you mean LSTM\?/],
  ])('%j', (given, message) => {
    const { status, stderr } = twostage(...given);
    expect(lines(stderr)).toEqual([expect.stringMatching(message)]);
    expect(status).toBe(2);
  });
});

describe('inspect', () => {
  it('shows symbols, findings with file and line, and coverage, and writes nothing', async () => {
    await mkdir(path.join(root, 'odd'));
    const [head, ...bars] = lines(await readFile(path.join(root, 'market/AAA.csv'), 'utf8'));
    const half = bars.filter((_, i) => i < 100 || i >= 300);
    half[4] = half[4]!.replace(/,[\d.]+,/, ',-1,');
    await writeFile(path.join(root, 'odd/AAA.csv'), `${[head, ...half].join('\n')}\n`);
    await writeFile(path.join(root, 'odd/BBB.csv'), await readFile(path.join(root, 'market/BBB.csv')));
    const before = await readdir(root, { recursive: true });
    const { stdout, stderr, status } = twostage('inspect', 'odd');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^📈 Data: 600 rows, 2 symbols, 400 bars of 1d, 2020-01-01 – /);
    expect(stdout).toMatch(/🔎 Quality: 1 gap, 200 missing bars, 1 price ≤ 0/);
    expect(stdout).toMatch(/🔑 Files: sha256 [0-9a-f]{64}\n/);
    expect(stdout).toMatch(/\nAAA +200 .* 1 +200 +1 +.*AAA\.csv\nBBB +400 .* 0 +0 +0 +.*BBB\.csv\n/);
    expect(stdout).toMatch(/\nPrice ≤ 0 +AAA +2020-01-07 +AAA\.csv:6 +1 price not above 0, the lowest -1\n/);
    expect(stdout).toMatch(/\nGap +AAA +\S+ +AAA\.csv:102 +200 bars missing before this one\n/);
    expect(lines(stdout).at(-2)).toBe(`AAA  ${'#'.repeat(15)}${'.'.repeat(30)}${'#'.repeat(15)}`);
    expect(lines(stdout).at(-1)).toBe(`BBB  ${'#'.repeat(60)}`);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it('--json is the whole report', () => {
    const { stdout, status } = twostage('inspect', 'market', '--symbols', 'AAA', 'CCC', '--json');
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ symbols: ['AAA', 'CCC'], rows: 800, targetColumns: [] });
    expect(qualityReportSchema.parse(found.quality)).toEqual(found.quality);
    expect(status).toBe(0);
  });
});

describe('train', () => {
  const families = ['--families', 'LightGBM', 'FTRLProximal', '--set', 'LightGBM.rounds=20'];
  const hashOf = async (out: string, family: string) =>
    createHash('sha256')
      .update(
        await readFile(
          path.join(root, out, 'trainings', `${family}.fwd_ret_1d.all`, 'prediction-value.prediction.f64'),
        ),
      )
      .digest('hex');

  it('trains, prints the summary lines and a leaderboard, and twice gives the same bits', async () => {
    const first = twostage('train', '--data-dir', 'market', '--output-dir', 'first', ...families, ...quick);
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(lines(first.stdout)[1]).toMatch(/; everything in first\/quality\.json$/);
    const { datasetId, contentHash } = JSON.parse(await readFile(path.join(root, 'first/run.json'), 'utf8'));
    expect(lines(first.stdout)[2]).toBe(`   dataset ${datasetId.slice(0, 12)} of files ${contentHash.slice(0, 12)}`);
    const quality = qualityReportSchema.parse(
      JSON.parse(await readFile(path.join(root, 'first/quality.json'), 'utf8')),
    );
    expect(quality).toMatchObject({ contentHash, rows: 1200 });
    expect(quality.coverage!.bySymbol.map(({ symbol }) => symbol)).toEqual(['AAA', 'BBB', 'CCC']);
    expect(lines(first.stdout).slice(3, 6)).toEqual([
      '🎯 Sequential mode: training all models (sequential + cross-sectional): 2 models',
      "📊 Stage 1 (CPU): 2 models - ['LightGBM', 'FTRLProximal']",
      '📊 Stage 2 (GPU): 0 models - 0 TF, 0 Torch, 0 others',
    ]);
    expect(first.stdout).toMatch(/family +IC +Rank IC +ICIR +R² +net Sharpe +best val loss +time +peak memory/);
    expect(first.stdout).toMatch(
      /\nfwd_ret_1d: best net Sharpe -?\d+\.\d\d \((LightGBM|FTRLProximal)\), deflated \d\.\d\d over 2 trials; probability of backtest overfitting \d\.\d\d\n/,
    );
    expect(lines(first.stdout).at(-1)).toMatch(/^completed: 2 of 2 trainings in .*; results in first$/);
    const second = twostage('train', '--config', 'first/run.json', '--output-dir', 'second', '--no-training-plan');
    expect(second.status).toBe(0);
    for (const family of ['LightGBM', 'FTRLProximal'])
      expect(await hashOf('second', family)).toBe(await hashOf('first', family));

    const compared = twostage('compare', 'first', 'second');
    expect(compared.stdout).toMatch(/Configuration\n {2}no difference/);
    expect(twostage('runs', '.').stdout).toMatch(/first +completed.*\nsecond +completed/);

    const again = twostage('train', '--config', 'first/run.json', '--output-dir', 'first', '--no-training-plan');
    expect(lines(again.stderr)).toEqual([expect.stringMatching(/first already holds a run; .*--overwrite/)]);
    const bad = ['--targets', 'y_nothing', '--output-dir', 'first', '--overwrite', '--no-training-plan'];
    expect(twostage('train', '--data-dir', 'market', ...bad).status).toBe(2);
    expect(existsSync(path.join(root, 'first/leaderboard.csv')), 'bad input destroys nothing').toBe(true);
    const over = ['--families', 'FTRLProximal', '--output-dir', 'first', '--overwrite'];
    expect(twostage('train', '--data-dir', 'market', ...over, ...quick).status).toBe(0);
    expect(await readdir(path.join(root, 'first/trainings'))).toEqual(['FTRLProximal.fwd_ret_1d.all']);
    expect(existsSync(path.join(root, 'first/.previous-run'))).toBe(false);

    const predicted = twostage('predict', 'second', '--symbols', 'AAA', 'BBB', '--output', 'new.csv');
    expect(predicted.stderr).toBe('');
    const csv = lines(await readFile(path.join(root, 'new.csv'), 'utf8'));
    expect(csv[0]).toBe('symbol,time,fold,prediction,target');
    expect(csv).toHaveLength(801);
  });

  it('trains on a feature that knows the future where it is told to, and marks the run', async () => {
    const asked = ['--families', 'FTRLProximal', '--output-dir', 'marked', '--allow-leaks'];
    const { status, stdout } = twostage('train', '--data-dir', 'knowing', ...asked, ...quick);
    expect(status).toBe(0);
    expect(stdout).toMatch(/⚠️ Trained all the same: feature oracle has a rank correlation of 1\.00 with fwd_ret_1d/);
    const record = JSON.parse(await readFile(path.join(root, 'marked/run.json'), 'utf8'));
    expect(record.config.allowLeaks).toBe(true);
    expect(record.summary.join('\n')).toMatch(/Trained all the same: feature oracle/);
  });

  it('takes another feature set, features of one’s own and another target, and predicts with them', async () => {
    const given = ['--features', 'basic', '--normalisation', 'none', '--feature-config', 'own.json'];
    const target = ['--targets', 'fwd_volret_5d', '--target-lag', '2', '--families', 'FTRLProximal'];
    const trained = twostage('train', '--data-dir', 'market', '--output-dir', 'own', ...given, ...target, ...quick);
    expect(trained.stderr).toBe('');
    expect(trained.status).toBe(0);
    const record = JSON.parse(await readFile(path.join(root, 'own/run.json'), 'utf8'));
    expect(record.features).toContain('MA20');
    expect(record.features).not.toContain('MA30');
    expect(record.features.at(-1)).toBe('momentum');
    const manifest = JSON.parse(await readFile(path.join(root, 'own/dataset/manifest.json'), 'utf8'));
    expect(manifest.targets).toEqual([{ name: 'fwd_volret_5d', labelBars: 7 }]);
    const predicted = twostage('predict', 'own', '--output', 'own.csv');
    expect(predicted.stderr).toBe('');
    expect(predicted.status).toBe(0);
  });

  it('--json prints every event and nothing else; exit code 1 where a training fails', async () => {
    const starved = ['--memory-cap', '256', '--families', 'FTRLProximal', 'MLP'];
    const { stdout, status } = twostage(
      'train',
      '--data-dir',
      'market',
      '--output-dir',
      'json',
      '--json',
      ...starved,
      ...quick,
    );
    const view = emptyRunView();
    for (const line of lines(stdout)) expect(applyEvent(view, loggedEventSchema.parse(JSON.parse(line)))).toBe(true);
    expect(view.trainings.get('FTRLProximal.fwd_ret_1d.all')!.state).toBe('completed');
    expect(view.trainings.get('MLP.fwd_ret_1d.all')!.outcome?.kind).not.toBe('completed');
    expect(view.state).toBe('partial');
    expect(status).toBe(1);
    expect(lines(await readFile(path.join(root, 'json/events.ndjson'), 'utf8'))).toEqual(lines(stdout));
  });

  /** A training that takes long enough to be interrupted. */
  async function startLong(
    out: string,
  ): Promise<{ cli: ChildProcess; childPid: number; exited: Promise<number | null> }> {
    const long = ['--families', 'LightGBM', '--set', 'LightGBM.rounds=10000', 'LightGBM.patience=0'];
    const given = ['train', '--data-dir', 'market', '--output-dir', out, '--json', ...long, ...quick];
    const cli = spawn(process.execPath, [bin, ...given], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<number | null>((resolve) => cli.once('exit', (code) => resolve(code)));
    let seen = '';
    const childPid = await new Promise<number>((resolve, reject) => {
      cli.once('exit', () => reject(new Error(`it ended before it was interrupted: ${seen}`)));
      cli.stdout!.setEncoding('utf8').on('data', (text: string) => {
        seen += text;
        const started = /"kind":"training.started".*?"pid":(\d+)/.exec(seen);
        if (started && seen.includes('"phase":"training"')) resolve(Number(started[1]));
      });
    });
    return { cli, childPid, exited };
  }

  it('Ctrl-C cancels: exit code 130, the child is gone, the record says so', async () => {
    const { cli, childPid, exited } = await startLong('interrupted');
    cli.kill('SIGINT');
    expect(await exited).toBe(130);
    expect(isRunning(childPid)).toBe(false);
    expect(JSON.parse(await readFile(path.join(root, 'interrupted/run.json'), 'utf8')).state).toBe('cancelled');
  });

  it('a child does not outlive a command line that is killed', async () => {
    const { cli, childPid, exited } = await startLong('killed');
    cli.kill('SIGKILL');
    await exited;
    await expect.poll(() => isRunning(childPid)).toBe(false);
  });
});

describe('simulate', () => {
  it('--scenario writes what the line that it prints trains on', () => {
    const made = twostage(
      'simulate',
      '--scenario',
      'memory',
      '--symbols',
      '3',
      '--bars',
      '300',
      '--output-dir',
      'memory',
    );
    expect(made.stderr).toBe('');
    expect(lines(made.stdout)).toEqual([
      '3 symbols, 300 daily bars each, simulated, in memory',
      'Train on it: twostage train --data-dir memory --targets target_1d --lookback 24',
    ]);
    const given = lines(made.stdout)[1]!.replace('Train on it: twostage ', '').split(' ');
    const trained = twostage(
      ...given,
      '--families',
      'FTRLProximal',
      '--output-dir',
      'remembered',
      '--no-training-plan',
    );
    expect(trained.stderr).toBe('');
    expect(trained.status).toBe(0);
  });

  it('--help lists the scenarios', () => {
    const { stdout } = twostage('simulate', '--help');
    expect(stdout).toMatch(/^ {2}memory {11}the value of a series when it was last marked/m);
    expect(stdout).toMatch(/^ {2}null {13}targets of pure noise/m);
  });
});

it('--help answers with examples', () => {
  for (const given of [['--help'], ['train', '--help']]) {
    const { status, stdout } = twostage(...given);
    expect(status).toBe(0);
    expect(stdout).toContain('twostage train --data-dir');
  }
});
