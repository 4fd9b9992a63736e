import type { GraphBuilder } from '../builder.ts';
import type { Tensor } from '../ir.ts';

/** x · Φ(x) with the exact normal distribution function (Hendrycks & Gimpel 2016), as torch.nn.GELU. */
export function gelu(builder: GraphBuilder, x: Tensor): Tensor {
  const halves = builder.multiply(builder.erf(builder.multiply(x, Math.SQRT1_2)), 0.5);
  return builder.multiply(x, builder.add(halves, 0.5));
}
