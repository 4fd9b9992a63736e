import { defaultPolicy } from '@twostage/core/plans/policy';
import { plantedNoise } from '@twostage/data/simulate/scenarios/predictability';
import { expect, it } from 'vitest';
import { planSimulated } from './simulatedPlan.ts';

it('finds nine in ten of what is planted, and no noise', async () => {
  const policy = { ...defaultPolicy, shifts: 60, treeShifts: 19 };
  const { decisions } = await planSimulated(1, policy, { symbols: 8, bars: 1000 });
  const right = decisions.filter(({ route, truth }) => route === truth);
  const wrong = decisions
    .filter(({ route, truth }) => route !== truth)
    .map(({ target, symbol, route }) => `${target} ${symbol} ${route}`);
  expect(wrong.length, wrong.join('\n')).toBeLessThan(0.1 * decisions.length);
  expect(right.filter(({ truth }) => truth === 'ROUTE_SYMBOL_SPECIFIC').length).toBeGreaterThan(8);
  const noise = decisions.filter(({ target }) => plantedNoise.includes(target));
  expect(noise.every(({ route }) => route === 'ROUTE_BLOCKED')).toBe(true);
}, 300_000);
