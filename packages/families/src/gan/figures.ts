import type { FigureInput } from '@twostage/core/runs/figures';
import type { Prediction } from '../trainer.ts';

const bins = 60;

/**
 * How outcomes are spread over all test rows, and how what the generator draws is: the same, where it has learnt their
 * distribution; and the draws of single rows, from the one sure of most to the least.
 * @param outcomes [rows], finite
 */
export function distributionFigures(outcomes: Float64Array, { uncertainty }: Prediction): FigureInput[] {
  if (uncertainty?.kind !== 'draws' || outcomes.length === 0) return [];
  const { draws, perRow } = uncertainty;
  const sorted = Float64Array.from(outcomes).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = [at(0.005), at(0.995)];
  if (!(high > low)) return [];
  const x = Array.from({ length: bins }, (_, bin) => low + ((bin + 0.5) / bins) * (high - low));
  const rows = rowsBySpread(draws, perRow);
  const levels = Array.from({ length: perRow }, (_, i) => (i + 0.5) / perRow);
  const named = ['narrowest', 'middling', 'widest'].map((name, i) => {
    const row = rows[Math.round((i / 2) * (rows.length - 1))]!;
    return { name, x: levels, y: Array.from(draws.subarray(row * perRow, (row + 1) * perRow)) };
  });
  return [
    {
      kind: 'lines',
      title: 'Drawn and observed',
      help: 'Share of the outcomes on test rows, and of what the generator drew for them, in each of 60 bins.',
      xLabel: 'target',
      yLabel: 'share',
      series: [
        { name: 'observed', x, y: shares(outcomes, low, high) },
        { name: 'drawn', x, y: shares(draws, low, high) },
      ],
    },
    {
      kind: 'lines',
      title: 'Draws of single rows',
      help: 'Sorted draws of the test rows with the narrowest, a middling and the widest distribution; a steep piece between two flat ones is a gap between two humps.',
      xLabel: 'share of draws below',
      yLabel: 'target',
      series: named,
    },
  ];
}

function shares(values: Float64Array, low: number, high: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    if (bin >= 0 && bin < bins) counts[bin]!++;
  }
  return counts.map((count) => count / values.length);
}

/** Rows in ascending order of the distance between their tenth and their ninetieth percentile. */
function rowsBySpread(draws: Float64Array, perRow: number): number[] {
  const spread = (row: number) =>
    draws[row * perRow + Math.floor(0.9 * perRow)]! - draws[row * perRow + Math.floor(0.1 * perRow)]!;
  const rows = Array.from({ length: draws.length / perRow }, (_, row) => row);
  return rows.sort((a, b) => spread(a) - spread(b));
}
