import { execFileSync } from 'node:child_process';
import { runConfigSchema } from '@twostage/core/runs/config';
import { describe, expect, it } from 'vitest';
import { cliCommand, shellQuote } from './cliCommand.ts';

const config = (part: object) => runConfigSchema.parse({ dataDir: '/data/djia', ...part });
const oneLine = (command: string) => command.replaceAll(' \\\n  ', ' ');

describe('cliCommand', () => {
  it('leaves out what is the default', () => {
    expect(cliCommand(config({}))).toBe(
      'npx twostage train \\\n  --data-dir /data/djia \\\n  --model-types sequential \\\n  --targets fwd_ret_1d \\\n  --no-training-plan',
    );
  });

  it('has a flag for each setting that has one', () => {
    const command = cliCommand(
      config({
        symbols: ['AAPL', 'BRK B'],
        modelTypes: 'both',
        families: ['LightGBM', 'LSTM'],
        targets: ['fwd_ret_1d', 'fwd_ret_5d'],
        targetLagBars: 0,
        features: 'basic',
        normalisation: 'rank',
        allowLeaks: true,
        folds: { count: 5, validation: 'cpcv', groups: 8, testGroups: 3, holdoutFraction: 0.15 },
        lookback: 30,
        costBasisPoints: 2.5,
        seed: 7,
        device: 'cpu',
        threads: 2,
        deadlineSeconds: 60,
        memoryCapMb: 1024,
        parameters: { LightGBM: { rounds: 50, learningRate: 0.1 }, LSTM: { layers: 2 } },
      }),
    );
    expect(oneLine(command)).toBe(
      "npx twostage train --data-dir /data/djia --symbols AAPL 'BRK B' --model-types both --families LightGBM LSTM " +
        '--targets fwd_ret_1d fwd_ret_5d --no-training-plan --allow-leaks --target-lag 0 --features basic --normalisation rank --folds 5 --validation cpcv --groups 8 --test-groups 3 --holdout 0.15 --lookback 30 --cost-bps 2.5 --seed 7 --device cpu --threads 2 --deadline 60 ' +
        '--memory-cap 1024 --set LightGBM.rounds=50 LightGBM.learningRate=0.1 LSTM.layers=2',
    );
  });

  it('follows a plan from its file, and one of an approved version from the configuration', () => {
    const jobs = [{ job_id: 'j', target: 'fwd_ret_1d', route: 'ROUTE_CROSS_SECTIONAL', model_families: ['LightGBM'] }];
    const plan = (source: object) => config({ plan: { source, hash: 'a'.repeat(64), jobs }, scope: 'both' });
    const file = cliCommand(plan({ kind: 'file', path: 'plans/master_training_plan.json' }));
    expect(oneLine(file)).toMatch(/ --training-plan-dir plans\/master_training_plan\.json$/);
    const version = { kind: 'version', planId: 'p', versionId: 'v', planName: 'momentum', number: 3 };
    const approved = plan(version);
    const command = cliCommand(approved);
    expect(command).not.toMatch(/--scope|--no-training-plan|--training-plan-dir/);
    const json = command.match(/<<'JSON'\n([\s\S]*)\nJSON\n/)![1]!;
    expect(config({ ...JSON.parse(json), scope: 'both' })).toEqual(approved);
  });

  it('writes features of one’s own to a file', () => {
    const features = { _move: 'close / lag(close) OVER past - 1', calm: '1 / stddev_samp(_move) OVER w60' };
    const wanted = config({ featureExpressions: features, quantiles: 10 });
    const command = cliCommand(wanted);
    const [features_json, run_json] = [...command.matchAll(/<<'JSON'\n([\s\S]*?)\nJSON\n/g)].map(([, json]) => json!);
    expect(JSON.parse(features_json!)).toEqual(features);
    expect(config({ ...JSON.parse(run_json!), featureExpressions: JSON.parse(features_json!) })).toEqual(wanted);
    expect(oneLine(command)).toMatch(/ --feature-config features\.json --config run\.json$/);
  });

  it('writes what has no flag to a file that parses back to the same configuration', () => {
    const wanted = config({ folds: { embargoBars: 9, scheme: 'sliding' }, quantiles: 10 });
    const command = cliCommand(wanted);
    const json = command.match(/<<'JSON'\n([\s\S]*)\nJSON\n/)![1]!;
    expect(config(JSON.parse(json))).toEqual(wanted);
    expect(command).toContain('--config run.json');
  });
});

describe('shellQuote', () => {
  it('a shell gives back each word as it was', () => {
    const words = ['plain', 'two words', "it's", '$HOME `id` "x"', '*', ''];
    const out = execFileSync('sh', ['-c', `printf '%s\\n' ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
    expect(out).toBe(`${words.join('\n')}\n`);
  });
});
