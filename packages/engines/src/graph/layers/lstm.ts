import type { LstmState } from '../builder.ts';
import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

/**
 * One LSTM layer over x [T, batch, features], from a zero state if none is given, named, laid out and started as torch.nn.LSTM does: two bias
 * vectors, everything uniform within 1 / √units.
 * @returns [batch, units] (`last`) or [T, batch, units] (`sequence`)
 */
export function lstm(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  units: number,
  returns: 'last' | 'sequence',
  state: LstmState | null = null,
): Tensor {
  const features = x.shape.at(-1)!;
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(units) } as const;
  const inputWeights = scope.parameter(`${name}.weight_ih`, [4 * units, features], initializer);
  const hiddenWeights = scope.parameter(`${name}.weight_hh`, [4 * units, units], initializer);
  const inputBias = scope.parameter(`${name}.bias_ih`, [4 * units], initializer);
  const hiddenBias = scope.parameter(`${name}.bias_hh`, [4 * units], initializer);
  const bias = scope.builder.add(inputBias, hiddenBias);
  return scope.builder.lstm(x, inputWeights, hiddenWeights, bias, returns, state);
}
