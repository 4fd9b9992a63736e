import { expect, it } from 'vitest';
import { trainingId } from './training.ts';

const all = { kind: 'crossSectional' } as const;
const symbol = (name: string) => ({ kind: 'symbol', symbol: name }) as const;

it.each([
  ['LightGBM', 'fwd_ret_1d', all, 'LightGBM.fwd_ret_1d.all'],
  ['MultiTask', ['fwd_ret_1d', 'fwd_ret_5d'], all, 'MultiTask.fwd_ret_1d+fwd_ret_5d.all'],
  ['LSTM', 'fwd_ret_1d', symbol('AAPL'), 'LSTM.fwd_ret_1d.symbol-AAPL'],
  ['LSTM', 'fwd_ret_1d', symbol('A/B*C'), 'LSTM.fwd_ret_1d.symbol-A%2FB%2AC'],
] as const)('%s of %j is %#', (family, targets, scope, expected) => {
  expect(trainingId(family, targets, scope)).toBe(expected);
});

it('stays short enough for a folder, and apart', () => {
  const targets = (last: string) => [...Array.from({ length: 49 }, (_, i) => `fwd_ret_${i + 1}d`), last];
  const [one, other] = [trainingId('MultiTask', targets('y_a'), all), trainingId('MultiTask', targets('y_b'), all)];
  expect(one).toMatch(/^MultiTask\.fwd_ret_1d\+fwd_ret_2d\+.*~[0-9a-f]{16}\.all$/);
  expect(one).not.toBe(other);
  const long = trainingId('MultiTask', targets('y_a'), symbol('株'.repeat(60)));
  expect(long.length).toBeLessThan(200);
  expect(long).toBe(trainingId('MultiTask', targets('y_a'), symbol('株'.repeat(60))));
});
