import { availableParallelism } from 'node:os';
import { familyIds } from '@twostage/core/families/family';
import { afterAll, describe, expect, it } from 'vitest';
import { Fits } from './fits.ts';
import { playHome } from './match.ts';
import { homeTable } from './tables.ts';

/** All of them take turns at the cores, so each has to wait for some of the others. */
const patienceMs = 300_000;

describe('on its home ground, with one seed and its default parameters,', () => {
  const fits = new Fits(availableParallelism());
  const started = new Map(familyIds.map((family) => [family, playHome(family, [1], fits, true)]));
  for (const match of started.values()) match.catch(() => {});
  afterAll(() => Promise.allSettled(started.values()));

  it.each(familyIds)(
    '%s does better than what is simpler',
    async (family) => {
      const match = await started.get(family)!;
      expect(match.passed, homeTable([match])).toBe(true);
      for (const { own, oracle } of match.bouts) expect(Number.isFinite(own) && Number.isFinite(oracle)).toBe(true);
    },
    patienceMs,
  );
});

describe('a fit', () => {
  const job = { scenario: 'null', symbols: 3, bars: 200, seed: 1, everyTarget: false } as const;

  it('is done once, whoever asks', async () => {
    let done = 0;
    const fits = new Fits(2, () => done++);
    const [first, second] = await Promise.all([
      fits.of({ contestant: 'ridge', ...job }),
      fits.of({ contestant: 'ridge', ...job }),
    ]);
    expect(second).toBe(first);
    expect(done).toBe(1);
    expect(first.peakMb).toBeGreaterThan(20);
  });

  it('that fails says who failed, and why', async () => {
    const fits = new Fits(1);
    await expect(fits.of({ contestant: 'ridge', ...job, bars: 20 })).rejects.toThrow(
      /^ridge on null ended with 1 and no result[\s\S]*1 fold with lookback 8[\s\S]*need at least \d+ bars; there are 20/,
    );
    expect((await fits.of({ contestant: 'ridge', ...job })).scores.r2).toBeLessThan(0.05);
  });
});
