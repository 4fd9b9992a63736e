import type { RowIndices } from '@twostage/core/panel/panel';
import type { Simulated } from './simulatedPanel.ts';

/** Ridge regression with an intercept by its normal equations; missing cells are 0. The rival of the tree families. */
export function ridgePredictions({ panel, target }: Simulated, train: RowIndices, test: RowIndices): Float64Array {
  const columns = panel.featureNames.length + 1;
  const row = (index: number) =>
    Array.from({ length: columns }, (_, column) => {
      const value = column === 0 ? 1 : panel.features[(column - 1) * panel.rows + index]!;
      return Number.isNaN(value) ? 0 : value;
    });
  const gram = Array.from({ length: columns }, (_, i) =>
    Array.from({ length: columns + 1 }, (_, j) => (i === j ? 1 : 0)),
  );
  for (const index of train) {
    const values = row(index);
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) gram[i]![j]! += values[i]! * values[j]!;
      gram[i]![columns]! += values[i]! * target[index]!;
    }
  }
  const weights = solve(gram);
  return Float64Array.from(test, (index) => row(index).reduce((sum, value, i) => sum + value * weights[i]!, 0));
}

/** Gauss–Jordan elimination of an augmented, positive definite system. */
function solve(system: number[][]): number[] {
  const size = system.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue;
      const factor = system[i]![pivot]! / system[pivot]![pivot]!;
      for (let j = pivot; j <= size; j++) system[i]![j]! -= factor * system[pivot]![j]!;
    }
  }
  return system.map((line, i) => line[size]! / line[i]!);
}
