import type { RowSource } from '@twostage/engines/graph/train';
import { Random } from '@twostage/core/random';
import { fillNormal } from '@twostage/engines/graph/weights';
import { featureInput } from '../neural/rows.ts';
import { latentInput } from './network.ts';

/** The noise of every forecast: the same for each row, so that a row's draws do not depend on what else is asked. @returns [draws, latents] */
export function latentDraws(draws: number, latents: number, seed: number): Float32Array {
  const values = new Float32Array(draws * latents);
  fillNormal(values, new Random(seed, 5));
  return values;
}

/** Every row with every noise: draw after draw of the first row, then of the next. @param matrix [rows, features] @param noise [draws, latents] */
export function drawnRows(matrix: Float32Array, features: number, noise: Float32Array, latents: number): RowSource {
  const draws = noise.length / latents;
  return {
    rows: (matrix.length / features) * draws,
    fill: (rows, inputs) => {
      const [x, latent] = [inputs[featureInput]!, inputs[latentInput]!];
      rows.forEach((asked, i) => {
        const row = Math.floor(asked / draws);
        const draw = asked % draws;
        x.set(matrix.subarray(row * features, (row + 1) * features), i * features);
        latent.set(noise.subarray(draw * latents, (draw + 1) * latents), i * latents);
      });
    },
  };
}

/** Sorts each row's draws and gives their mean. @param outputs [rows, draws] */
export function asForecast(outputs: Float64Array, draws: number): { values: Float64Array; draws: Float64Array } {
  const values = new Float64Array(outputs.length / draws);
  for (let row = 0; row < values.length; row++) {
    const own = outputs.subarray(row * draws, (row + 1) * draws).sort();
    values[row] = own.reduce((sum, value) => sum + value, 0) / draws;
  }
  return { values, draws: outputs };
}
