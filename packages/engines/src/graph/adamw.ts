import type { GraphBuilder } from './builder.ts';
import type { Tensor } from './ir.ts';

/** Loshchilov & Hutter 2019, with the defaults of torch.optim.AdamW. */
export interface AdamWSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}
export const adamWDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Length of the vector `adamWHyper` returns. */
export const hyperLength = 3;

/**
 * The numbers one step needs beside the betas: [decay, step size, epsilon], bias corrections included. Computed here in
 * float64 and fed, so that a schedule costs nothing: give each step its own learning rate.
 * @param step 1-based
 */
export function adamWHyper(step: number, settings: AdamWSettings): Float32Array {
  const { learningRate, weightDecay, beta1, beta2, epsilon } = settings;
  // The graph keeps m / (1 − β1) and v / (1 − β2), which saves it two multiplications; what that changes is made good here.
  const root = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
  const size = (learningRate * (1 - beta1)) / (1 - beta1 ** step) / root;
  return Float32Array.of(1 - learningRate * weightDecay, size, epsilon / root);
}

export interface AdamWOperands {
  /** All [n]. */
  readonly parameters: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
  readonly gradient: Tensor;
  /** [3], of `adamWHyper`. */
  readonly hyper: Tensor;
}

/** One step of AdamW on flat vectors. Moments are scaled by 1 / (1 − β), and start at zero. */
export function adamWStep(
  builder: GraphBuilder,
  { parameters, firstMoment, secondMoment, gradient, hyper }: AdamWOperands,
  { beta1, beta2 }: Pick<AdamWSettings, 'beta1' | 'beta2'>,
): { parameters: Tensor; firstMoment: Tensor; secondMoment: Tensor } {
  const [decay, size, epsilon] = builder.split(hyper, 0, [1, 1, 1]) as [Tensor, Tensor, Tensor];
  const first = builder.add(builder.multiply(firstMoment, beta1), gradient);
  const second = builder.add(builder.multiply(secondMoment, beta2), builder.square(gradient));
  const scale = builder.add(builder.sqrt(second), epsilon);
  const update = builder.divide(builder.multiply(first, size), scale);
  return {
    parameters: builder.subtract(builder.multiply(parameters, decay), update),
    firstMoment: first,
    secondMoment: second,
  };
}

/** Scales a flat gradient down to a norm of at most `norm`, as torch.nn.utils.clip_grad_norm_ does. */
export function clipByGlobalNorm(builder: GraphBuilder, gradient: Tensor, norm: number): Tensor {
  const length = builder.sqrt(builder.reduceSum(builder.square(gradient)));
  const scale = builder.divide(norm, builder.maximum(builder.add(length, 1e-6), norm));
  return builder.multiply(gradient, scale);
}
