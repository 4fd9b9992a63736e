import { describe, expect, it } from 'vitest';
import { nextStarts, type PackingInput, type PendingTraining, type Start } from './packing.ts';

const one = (id: string, cost: number): PendingTraining => ({ id, threads: 'one', cost });
const all = (id: string, cost: number): PendingTraining => ({ id, threads: 'all', cost });
const fixed = (id: string, cost: number): PendingTraining => ({ id, threads: 'fixed', cost });
const stage = [all('LightGBM', 20), fixed('XGBoost', 10), one('FTRL', 5), one('Reward', 30), all('NGBoost', 40)];
const withoutFixed = stage.filter(({ threads }) => threads !== 'fixed');
const start = (input: Partial<PackingInput>) =>
  nextStarts({ pending: withoutFixed, running: [], cores: 2, most: 10, packing: true, ...input }).map(
    ({ id, threads }) => `${id} ${threads}`,
  );

describe('without packing', () => {
  it.each<[string, Partial<PackingInput>, string[]]>([
    ['the first begins with every core', { pending: stage }, ['LightGBM 2']],
    ['a one-thread family has one', { pending: [one('FTRL', 5), all('NGBoost', 9)] }, ['FTRL 1']],
    ['nothing begins beside another', { running: [{ id: 'FTRL', threads: 1 }] }, []],
    ['nothing is left', { pending: [] }, []],
  ])('%s', (_, input, expected) => {
    expect(start({ packing: false, ...input })).toEqual(expected);
  });
});

describe('with packing', () => {
  const running = (...threads: number[]): Start[] => threads.map((count, i) => ({ id: `r${i}`, threads: count }));
  it.each<[string, Partial<PackingInput>, string[]]>([
    ['one whose digits depend on its threads has the cores to itself', { pending: stage }, ['XGBoost 2']],
    ['… and waits for what runs', { pending: [fixed('XGBoost', 1)], running: running(1) }, []],
    [
      'a higher priority begins before what takes longer',
      { pending: [one('long', 90), { ...one('urgent', 1), priority: 2 }, { ...one('next', 2), priority: 1 }] },
      ['urgent 1', 'next 1'],
    ],
    [
      'one that needs the cores to itself waits for higher priorities, and lower ones for it',
      { pending: [{ ...fixed('XGBoost', 10), priority: 1 }, one('low', 99), { ...one('urgent', 1), priority: 2 }] },
      ['urgent 1'],
    ],
    [
      '… and begins when they have begun and ended',
      { pending: [{ ...fixed('XGBoost', 10), priority: 1 }, one('low', 99)] },
      ['XGBoost 2'],
    ],
    ['the longest begin: a capped one, and a one-thread one beside it', {}, ['NGBoost 1', 'Reward 1']],
    ['a core that falls free is taken by the longest that waits', { running: running(1) }, ['NGBoost 1']],
    ['with every core taken nothing begins', { running: running(1, 1) }, []],
    ['one-thread ones fill the cores', { pending: [one('a', 1), one('b', 3), one('c', 2)] }, ['b 1', 'c 1']],
    ['two that scale share the cores', { pending: [all('a', 1), all('b', 2), all('c', 3)] }, ['c 1', 'b 1']],
    ['the last one has them all', { pending: [all('a', 1)] }, ['a 2']],
    ['on one core it is one after another, the longest first', { cores: 1 }, ['NGBoost 1']],
    ['memory for one only: it has every core', { most: 1 }, ['NGBoost 2']],
    ['many cores: each its share, none idle', { cores: 16 }, ['NGBoost 8', 'Reward 1', 'LightGBM 6', 'FTRL 1']],
    [
      'less than a quarter of the cores is not worth beginning with',
      { cores: 16, pending: [all('a', 1)], running: running(13) },
      [],
    ],
    ['a quarter is', { cores: 16, pending: [all('a', 1)], running: running(12) }, ['a 4']],
    ['equal costs keep the order of the plan', { pending: [one('b', 1), one('a', 1)] }, ['b 1', 'a 1']],
  ])('%s', (_, input, expected) => {
    expect(start(input)).toEqual(expected);
  });

  it.each([1, 2, 3, 4, 7, 8, 16, 64])(
    'on %d cores everything is trained once and never more threads run than there are',
    (cores) => {
      for (const most of [1, 2, 3, 100]) {
        for (const packing of [true, false]) {
          let pending = Array.from({ length: 40 }, (_, i) => [one, all, fixed][(i * 7) % 3]!(`t${i}`, (i * 13) % 11));
          let active: Start[] = [];
          const trained: string[] = [];
          while (pending.length > 0 || active.length > 0) {
            const starts = nextStarts({ pending, running: active, cores, most, packing });
            pending = pending.filter(({ id }) => !starts.some((begun) => begun.id === id));
            active = [...active, ...starts];
            expect(active.length).toBeGreaterThan(0);
            expect(active.length).toBeLessThanOrEqual(most);
            expect(active.reduce((sum, { threads }) => sum + threads, 0)).toBeLessThanOrEqual(cores);
            expect(active.every(({ threads }) => threads >= 1)).toBe(true);
            trained.push(active.shift()!.id);
          }
          expect(new Set(trained).size).toBe(40);
          expect(trained).toHaveLength(40);
        }
      }
    },
  );
});
