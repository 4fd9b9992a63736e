import { resolveParameters } from '@twostage/core/families/parameters';
import type { FamilyId } from '@twostage/core/families/family';
import type { FigureInput } from '@twostage/core/runs/figures';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryPanel, rowsOfBars } from '../../test/memoryPanel.ts';
import { rSquared } from '../../test/simulatedPanel.ts';
import { catalogue } from '../catalogue.ts';
import { trainers } from '../trainers.ts';

const { panel, target } = memoryPanel();
const lookback = 6;
const test = rowsOfBars(panel, 560, 700);
const asked = { panel, rows: test, lookback, threads: 1, device: 'cpu' } as const;

/** Trained on a label that is a signal of three bars ago. */
async function trained(family: FamilyId, given: Record<string, number> = {}) {
  const trainer = await trainers[family]();
  const model = await trainer.fit({
    ...{ panel, target, lookback, seed: 3, threads: 1, device: 'cpu' },
    targets: [{ name: 'target', values: target, labelBars: 1 }],
    train: rowsOfBars(panel, 0, 470),
    validation: rowsOfBars(panel, 475, 550),
    parameters: resolveParameters(catalogue[family], { epochs: 15, batchSize: 64, learningRate: 0.005, ...given }),
    report: async () => {},
    note: () => {},
  });
  onTestFinished(() => model.close());
  const figures = await model.figures!({ ...asked, target, train: rowsOfBars(panel, 0, 470), test });
  return { values: (await model.predict(asked)).values, figures };
}

const heatmap = (figures: FigureInput[]) => {
  const figure = figures.find(({ kind }) => kind === 'heatmap');
  if (figure?.kind !== 'heatmap') throw new Error('expected a heat map');
  return figure;
};

describe('a sequence family finds what happened three bars ago:', () => {
  it.each<[FamilyId, Record<string, number>]>([
    ['CNN1D', { channels: 16 }],
    ['Transformer', { width: 16, feedForward: 32 }],
    ['TabLSTM', { hiddenUnits: 16, embeddingUnits: 8 }],
  ])('%s', async (family, given) => {
    const { values, figures } = await trained(family, given);
    expect(rSquared(target, test, values)).toBeGreaterThan(0.7);
    const byLag = figures.find((figure) => figure.kind === 'lines');
    if (byLag?.kind !== 'lines') throw new Error('expected lines');
    const { y } = byLag.series[0]!;
    expect(y.indexOf(Math.max(...y.map((value) => value ?? 0)))).toBe(3);
  });
});

it('Transformer shows how its heads share their attention among the bars, TabTransformer among the features', async () => {
  for (const [family, columns] of [
    ['Transformer', ['5', '4', '3', '2', '1', '0']],
    ['TabTransformer', ['signal', 'noise', 'constant', '[CLS]']],
  ] as const) {
    const figure = heatmap((await trained(family, { epochs: 1 })).figures);
    expect(figure.columns).toEqual(columns);
    expect(figure.rows).toHaveLength(4);
    for (const row of figure.values) expect(row.reduce<number>((sum, value) => sum + value!, 0)).toBeCloseTo(1, 5);
  }
});

it('TabLSTM shows how far bars open its memory', async () => {
  const { figures } = await trained('TabLSTM', { epochs: 1, hiddenUnits: 8 });
  const figure = figures.find(({ kind }) => kind === 'histogram');
  if (figure?.kind !== 'histogram') throw new Error('expected a histogram');
  const gates = figure.counts.reduce((sum, count) => sum + count, 0);
  expect(gates % 8).toBe(0);
  expect(gates).toBeGreaterThan(8 * 100);
});

it('a width that the heads do not divide is refused before anything is trained', () => {
  for (const family of ['Transformer', 'TabTransformer'] as const)
    expect(() => resolveParameters(catalogue[family], { width: 18, heads: 4 })).toThrow(
      /the heads must divide the width/,
    );
});
