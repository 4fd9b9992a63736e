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

  const stepOf = (fold: number, step: number, phase: Progress['phase'] = 'training') =>
    ({ phase, fold, step, totalSteps: 2000, trainLoss: 1 / step, validationLoss: null }) as Progress;

  it('takes along what a fit of milliseconds came to, fold by fold', () => {
    const sent: Progress[] = [];
    const thinner = new ProgressThinner(
      (progress) => sent.push(progress),
      () => 0,
    );
    thinner.push(stepOf(0, 0, 'loading'));
    for (const fold of [0, 1]) {
      for (let step = 1; step <= 16; step++) thinner.push(stepOf(fold, step));
      thinner.push(stepOf(fold, 16, 'predicting'));
    }
    thinner.flush();
    expect(sent).toHaveLength(2);
    const steps = Array.from({ length: 16 }, (_, index) => index + 1);
    expect(sent[1]!.earlier!.map(({ fold, step }) => [fold, step])).toEqual(
      [0, 1].flatMap((fold) => steps.map((step) => [fold, step])),
    );
    expect(sent[1]!.earlier![4]).toEqual({ fold: 0, step: 5, trainLoss: 0.2, validationLoss: null });
  });

  it('takes along some hundred steps of a fold, evenly spread, and its last', () => {
    const sent: Progress[] = [];
    const thinner = new ProgressThinner(
      (progress) => sent.push(progress),
      () => 0,
    );
    for (let step = 1; step <= 1999; step++) thinner.push(stepOf(0, step));
    thinner.push(stepOf(0, 1999, 'predicting'));
    thinner.flush();
    const told = [1, ...sent[1]!.earlier!.map(({ step }) => step)];
    expect(told.length).toBeLessThan(170);
    expect(told.at(-1)).toBe(1999);
    for (const [index, step] of told.entries()) expect(step - (told[index - 1] ?? 0)).toBeLessThanOrEqual(18);
    expect(told).toEqual([...new Set(told)]);
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
