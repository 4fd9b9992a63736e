import type { Progress } from '@twostage/core/runs/events';
import { describe, expect, it } from 'vitest';
import { ProgressThinner } from './channelWriter.ts';
import { estimateEtaMs } from './eta.ts';
import { averageImportances } from './trainingFiles.ts';

describe('estimateEtaMs', () => {
  it.each([
    ['nothing done', [1, 1], { fold: 0, step: 0, totalSteps: 10, elapsedMs: 500 }, null],
    ['half of the first of two equal folds', [1, 1], { fold: 0, step: 5, totalSteps: 10, elapsedMs: 100 }, 300],
    ['a first fold done of 100 and 300 rows', [100, 300], { fold: 1, step: 0, totalSteps: 0, elapsedMs: 100 }, 300],
    ['all done', [100, 300], { fold: 2, step: 0, totalSteps: 0, elapsedMs: 400 }, 0],
  ])('%s', (_, weights, at, expected) => expect(estimateEtaMs(weights, at)).toBe(expected));
});

describe('ProgressThinner', () => {
  it('sends at most ten a second, and the last one always', () => {
    let now = 0;
    const sent: number[] = [];
    const thinner = new ProgressThinner(
      ({ step }) => sent.push(step),
      () => now,
    );
    for (let step = 1; step <= 1000; step++) {
      now = step; // one a millisecond, for one second
      thinner.push({ step } as Progress);
    }
    thinner.flush();
    expect(sent.length).toBeLessThanOrEqual(11);
    expect(sent[0]).toBe(1);
    expect(sent.at(-1)).toBe(1000);
    thinner.flush();
    expect(sent.at(-1)).toBe(1000);
  });
});

describe('averageImportances', () => {
  it('is the mean over the folds, largest first; an unnamed feature counts 0', () => {
    const folds = [
      [
        { feature: 'a', value: 4 },
        { feature: 'b', value: 1 },
      ],
      [{ feature: 'b', value: 9 }],
    ];
    expect(averageImportances(folds)).toEqual([
      { feature: 'b', value: 5 },
      { feature: 'a', value: 2 },
    ]);
    expect(averageImportances([undefined])).toBeUndefined();
  });
});
