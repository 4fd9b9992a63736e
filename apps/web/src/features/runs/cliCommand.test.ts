import { execFileSync } from 'node:child_process';
import { runConfigSchema } from '@twostage/core/runs/config';
import { describe, expect, it } from 'vitest';
import { cliCommand, shellQuote } from './cliCommand.ts';

const config = (part: object) => runConfigSchema.parse({ dataDir: '/data/djia', ...part });
const oneLine = (command: string) => command.replaceAll(' \\\n  ', ' ');

describe('cliCommand', () => {
  it('leaves out what is the default', () => {
    expect(cliCommand(config({}))).toBe(
      'npx twostage train \\\n  --data-dir /data/djia \\\n  --model-types sequential \\\n  --targets fwd_ret_1d',
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
        folds: { count: 5 },
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
        '--targets fwd_ret_1d fwd_ret_5d --allow-leaks --target-lag 0 --features basic --normalisation rank --folds 5 --lookback 30 --cost-bps 2.5 --seed 7 --device cpu --threads 2 --deadline 60 ' +
        '--memory-cap 1024 --set LightGBM.rounds=50 LightGBM.learningRate=0.1 LSTM.layers=2',
    );
  });

  it('writes features of one’s own to a file', () => {
    const wanted = config({ featureExpressions: { momentum: 'close / avg(close) OVER w20 - 1' } });
    const json = cliCommand(wanted).match(/<<'JSON'\n([\s\S]*)\nJSON\n/)![1]!;
    expect(config(JSON.parse(json))).toEqual(wanted);
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
