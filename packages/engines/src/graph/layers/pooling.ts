import type { GraphBuilder } from '../builder.ts';
import type { Tensor } from '../ir.ts';

/** Mean over the steps of x [T, batch, features] → [batch, features]. */
export function meanOverSteps(builder: GraphBuilder, x: Tensor): Tensor {
  return builder.reduceMean(x, [0]);
}

/** Largest value over the steps of x [T, batch, features] → [batch, features]; of equal ones, one gets the gradient. */
export function maximumOverSteps(builder: GraphBuilder, x: Tensor): Tensor {
  let most = x;
  // The one half against the other: whole pieces of memory, and few of them.
  for (let steps = x.shape[0]!; steps > 1; steps = most.shape[0]!) {
    const half = Math.floor(steps / 2);
    const [first, second, odd] = builder.split(most, 0, steps % 2 === 0 ? [half, half] : [half, half, 1]);
    const larger = builder.maximum(first!, second!);
    most = odd ? builder.concat([larger, odd], 0) : larger;
  }
  return builder.reshape(most, x.shape.slice(1));
}
