import { Random } from '@twostage/core/random';
import type { FigureInput } from '@twostage/core/runs/figures';
import type { FigureContext, FittedModel } from '../trainer.ts';

/** Test rows looked at, and features drawn: more cost time and tell a reader nothing. */
const [mostRows, mostBars] = [2000, 30] as const;

/**
 * Permutation importance (Breiman 2001) of a tabular model: by how much its squared error on test rows grows, as a share of
 * that error, once a feature's values are dealt out anew among the rows. Largest first; below 0: the feature misled.
 * @returns null where no test row has a label and a forecast
 */
export async function permutationFigure(
  model: Pick<FittedModel, 'predict'>,
  { panel, target, test, lookback, threads, device }: FigureContext,
): Promise<FigureInput | null> {
  const known = test.filter((row) => Number.isFinite(target[row]!));
  const every = Math.max(1, Math.ceil(known.length / mostRows));
  const rows = known.filter((_, i) => i % every === 0);
  const features = panel.features.slice();
  const errorOf = async (): Promise<number> => {
    const { values } = await model.predict({ panel: { ...panel, features }, rows, lookback, threads, device });
    return rows.reduce((sum, row, i) => sum + (target[row]! - values[i]!) ** 2, 0);
  };
  const error = rows.length > 0 ? await errorOf() : Number.NaN;
  if (!(error > 0)) return null;
  const random = new Random(1);
  const items: { label: string; value: number }[] = [];
  for (const [feature, label] of panel.featureNames.entries()) {
    const column = features.subarray(feature * panel.rows, (feature + 1) * panel.rows);
    const dealt = rows.slice();
    random.shuffle(dealt);
    const values = Float32Array.from(rows, (row) => column[row]!);
    const anew = Float32Array.from(dealt, (row) => column[row]!);
    rows.forEach((row, i) => {
      column[row] = anew[i]!;
    });
    const value = (await errorOf()) / error - 1;
    rows.forEach((row, i) => {
      column[row] = values[i]!;
    });
    if (Number.isFinite(value)) items.push({ label, value });
  }
  return {
    kind: 'bars',
    title: 'Permutation importance',
    help: 'Growth of the squared error on test rows, as a share, when the values of one feature are dealt out anew among the rows.',
    items: items.sort((a, b) => b.value - a.value).slice(0, mostBars),
  };
}
