import type { Loss } from './program.ts';

/** Mean over rows of (output − target)²; output [batch, 1] or [batch], target [batch]. */
export const meanSquaredError: Loss = meanOverRows((builder, output, target, rowWeights) => {
  const error = builder.subtract(builder.reshape(output, target.shape), target);
  const weighted = builder.multiply(builder.square(error), rowWeights);
  return builder.divide(builder.reduceSum(weighted), builder.reduceSum(rowWeights));
});

/** Says of a loss that it is a weighted mean over rows, each of them judged alone (see `Loss`). */
export function meanOverRows(loss: Loss): Loss {
  return Object.assign(loss, { meanOverRows: true });
}

/** The same of finished predictions, in float64. */
export function meanSquaredErrorOf(predictions: Float32Array, targets: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (predictions[i]! - targets[i]!) ** 2;
  return sum / targets.length;
}
