import { expect, it } from 'vitest';
import { panelOf, rowsBetween } from '../../test/simulatedPanel.ts';
import { permutationFigure } from './permutation.ts';

it('finds the features a model looks at, by how much its error grows without them', async () => {
  const wave = (row: number, column: number) => Math.sin((row + 1) * (column + 1.5) * 12.9898) * 3;
  const panel = panelOf(600, 3, wave);
  const at = (row: number, column: number) => panel.features[column * panel.rows + row]!;
  const target = Float64Array.from({ length: 600 }, (_, row) => 2 * at(row, 1) - at(row, 2) + Math.cos(row * 7.1));
  const test = rowsBetween(100, 600);
  const context = { panel, target, close: target, train: test, test, lookback: 1, threads: 1, device: 'cpu' } as const;
  const model = {
    predict: async ({ panel: { features, rows: all }, rows }: { panel: typeof panel; rows: Uint32Array }) => ({
      values: Float64Array.from(rows, (row) => 2 * features[all + row]! - features[2 * all + row]!),
    }),
  };
  const figure = await permutationFigure(model, context);
  if (figure?.kind !== 'bars') throw new Error('expected bars');
  expect(figure.items.map(({ label }) => label)).toEqual(['feature 1', 'feature 2', 'feature 0']);
  const [first, second, third] = figure.items.map(({ value }) => value);
  // Dealing a feature out anew adds twice its variance times its weight squared to the error.
  expect(first! / second!).toBeGreaterThan(3);
  expect(first! / second!).toBeLessThan(5);
  expect(third).toBe(0);
  expect(await permutationFigure(model, { ...context, target: target.map(() => Number.NaN) })).toBeNull();
});
