import { Random } from '@twostage/core/random';
import { type FigureInput, maxFigurePoints } from '@twostage/core/runs/figures';
import { type BatchPredictor, predictRows } from '@twostage/engines/graph/train';
import { featureInput, windowInput } from './rows.ts';

/** Bars drawn: more tell a reader nothing. Windows predicted in all, so that the time it takes is bounded; at least, however many there are to deal out. */
const [mostBars, mostWindows, mostPredictions, fewestWindows] = [30, 1000, 50_000, 30] as const;

/** What a network is asked about: one that reads windows, their last bars (then of lookback 1) or both. */
export interface AskedWindows {
  /** Standardised, as the network was trained on: [count, lookback, features], row-major. */
  readonly windows: Float32Array;
  /** [count] in the unit of the network's output; finite. */
  readonly labels: ArrayLike<number>;
  readonly lookback: number;
  readonly featureNames: readonly string[];
}

/** How many windows are worth asking about: fewer, the more there is to deal out. */
export function windowsToAsk(lookback: number, features: number): number {
  const dealings = features + lagsOf(lookback).length + 1;
  return Math.min(mostWindows, Math.max(fewestWindows, Math.floor(mostPredictions / dealings)));
}

/**
 * Permutation importance (Breiman 2001) of a network on windows: by how much its squared error grows, as a share of that
 * error, once a feature's course, or all of one bar, is dealt out anew among the windows. By feature, largest first, and by
 * how many bars ago. Below 0: it misled.
 * @returns nothing where no window is given or the network makes no error
 */
export async function windowPermutationFigures(network: BatchPredictor, asked: AskedWindows): Promise<FigureInput[]> {
  const { labels, lookback, featureNames } = asked;
  const [count, features] = [labels.length, featureNames.length];
  const length = lookback * features;
  const windows = asked.windows.slice();
  const errorOf = async (): Promise<number> => {
    const outputs = await predictRows(network, {
      rows: count,
      fill: (rows, inputs) => {
        inputs[windowInput]?.set(windows.subarray(rows[0]! * length, (rows.at(-1)! + 1) * length));
        rows.forEach((row, i) => {
          inputs[featureInput]?.set(windows.subarray((row + 1) * length - features, (row + 1) * length), i * features);
        });
      },
    });
    return outputs.reduce((sum, output, i) => sum + (labels[i]! - output) ** 2, 0);
  };
  const error = count > 0 ? await errorOf() : Number.NaN;
  if (!(error > 0)) return [];

  const random = new Random(1);
  const dealt = Uint32Array.from({ length: count }, (_, i) => i);
  /** @param offsets entries of a window that are dealt out together */
  const growthWithout = async (offsets: readonly number[]): Promise<number> => {
    random.shuffle(dealt);
    for (let i = 0; i < count; i++)
      for (const offset of offsets) windows[i * length + offset] = asked.windows[dealt[i]! * length + offset]!;
    const growth = (await errorOf()) / error - 1;
    for (let i = 0; i < count; i++)
      for (const offset of offsets) windows[i * length + offset] = asked.windows[i * length + offset]!;
    return growth;
  };

  const items: { label: string; value: number }[] = [];
  for (const [feature, label] of featureNames.entries()) {
    const course = Array.from({ length: lookback }, (_, bar) => bar * features + feature);
    items.push({ label, value: await growthWithout(course) });
  }
  const lags = lagsOf(lookback);
  const byLag: number[] = [];
  for (const lag of lags) {
    const start = (lookback - 1 - lag) * features;
    byLag.push(await growthWithout(Array.from({ length: features }, (_, feature) => start + feature)));
  }
  const figures: FigureInput[] = [
    {
      kind: 'bars',
      title: 'Permutation importance',
      help: 'Growth of the squared error on test windows, as a share, when the course of one feature is dealt out anew among the windows.',
      items: items
        .filter(({ value }) => Number.isFinite(value))
        .sort((a, b) => b.value - a.value)
        .slice(0, mostBars),
    },
  ];
  if (lookback > 1) {
    figures.push({
      kind: 'lines',
      title: 'How far back it looks',
      help: 'Growth of the squared error on test windows, as a share, when one bar of the window is dealt out anew among the windows.',
      xLabel: 'bars ago',
      yLabel: 'growth of the squared error',
      series: [{ name: 'importance', x: lags, y: byLag.map((value) => (Number.isFinite(value) ? value : null)) }],
    });
  }
  return figures;
}

/** Bars ago, 0: the last bar of the window; evenly thinned where they are more than a figure can show. */
function lagsOf(lookback: number): number[] {
  const every = Math.ceil(lookback / maxFigurePoints);
  return Array.from({ length: Math.ceil(lookback / every) }, (_, i) => i * every);
}
