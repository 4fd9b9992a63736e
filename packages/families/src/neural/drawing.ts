import type { FigureInput } from '@twostage/core/runs/figures';
import type { Network } from '@twostage/engines/graph/network';

/** Cells of a side that can be told apart. */
const mostColumns = 60;

/** A picture of what goes on inside a network. */
export interface NetworkDrawing {
  /** The same network, but with what is drawn as its output, [batch, width]. */
  readonly network: Network;
  /** @param outputs [rows, width] of test rows; at least one */
  readonly draw: (outputs: Float32Array, rows: number, featureNames: readonly string[]) => FigureInput;
}

/** Mean over rows. @param outputs [rows, width] @returns [width] */
export function meanOverRows(outputs: Float32Array, rows: number): Float64Array {
  const means = new Float64Array(outputs.length / rows);
  for (let i = 0; i < outputs.length; i++) means[i % means.length]! += outputs[i]! / rows;
  return means;
}

/** Mean attention of each head as a heat map. @param places what is looked at, [width / heads]; the largest are drawn, in their order */
export function attentionHeatmap(
  means: Float64Array,
  heads: number,
  places: readonly string[],
  words: { readonly title: string; readonly help: string },
): FigureInput {
  const width = places.length;
  const at = (head: number, place: number) => means[head * width + place]!;
  const total = (place: number) => Array.from({ length: heads }, (_, head) => at(head, place)).reduce((a, b) => a + b);
  const shown = [...places.keys()]
    .sort((a, b) => total(b) - total(a))
    .slice(0, mostColumns)
    .sort((a, b) => a - b);
  return {
    kind: 'heatmap',
    ...words,
    rows: Array.from({ length: heads }, (_, head) => `Head ${head + 1}`),
    columns: shown.map((place) => places[place]!),
    values: Array.from({ length: heads }, (_, head) => shown.map((place) => at(head, place))),
  };
}
