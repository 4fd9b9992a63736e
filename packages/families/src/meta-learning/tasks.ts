import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import { scaleTarget, type TargetScale } from '../preprocessing/targetScale.ts';
import type { Task } from './reptile.ts';

/** Rows cut by symbol, each in time order. @returns [symbols], empty where a symbol has none */
export function splitBySymbol({ symbols, symbolOf }: Panel, rows: RowIndices): RowIndices[] {
  const counts = new Uint32Array(symbols.length);
  for (const row of rows) counts[symbolOf[row]!]!++;
  const split = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (const row of rows) {
    const symbol = symbolOf[row]!;
    split[symbol]![counts[symbol]!++] = row;
  }
  return split;
}

export function taskOf(
  panel: Panel,
  target: Float64Array,
  rows: RowIndices,
  standardisation: Standardisation,
  scale: TargetScale,
): Task {
  return {
    matrix: standardise(panel, standardisation, rows),
    labels: Float64Array.from(scaleTarget(target, rows, scale)),
  };
}
