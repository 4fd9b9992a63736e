import { maxFigurePoints } from './figures.ts';

/**
 * Places of at most `most` of `count` items, evenly spread, the first and the last among them. Ascending, without doubles.
 */
export function thinIndices(count: number, most: number = maxFigurePoints): number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  if (most < 2) return most === 1 ? [count - 1] : [];
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}

/**
 * Columns of one length, thinned together to what a figure may hold: for `x`, `times`, `close` of a figure.
 * What is not finite becomes null in every column but the first, which is the axis.
 * @param axis [count], finite
 * @param columns [columns][count]
 */
export function thin(
  axis: ArrayLike<number>,
  columns: readonly ArrayLike<number>[] = [],
  most: number = maxFigurePoints,
): { axis: number[]; columns: (number | null)[][] } {
  const kept = thinIndices(axis.length, most);
  const finiteOrNull = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    axis: kept.map((index) => axis[index]!),
    columns: columns.map((column) => kept.map((index) => finiteOrNull(column[index]!))),
  };
}
