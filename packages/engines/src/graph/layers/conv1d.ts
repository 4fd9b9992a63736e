import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

export interface Conv1dSettings {
  /** Taps. */
  readonly width: number;
  /** Steps between two taps; 1 if not given. */
  readonly dilation?: number;
  /** `causal` (if not given): a step sees itself and those before it; `same`: as far ahead as back. Zeros lie beyond the ends. */
  readonly sees?: 'causal' | 'same';
}

/**
 * Convolution over the steps of x [T, batch, channels] → [T, batch, units]; named, laid out and started as
 * torch.nn.Conv1d does: weight [units, channels, width] and bias [units] uniform within 1 / √(channels · width).
 */
export function conv1d(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  units: number,
  { width, dilation = 1, sees = 'causal' }: Conv1dSettings,
): Tensor {
  const { builder } = scope;
  const [steps, , channels] = x.shape as [number, number, number];
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(channels * width) } as const;
  const weight = scope.parameter(`${name}.weight`, [units, channels, width], initializer);
  const bias = scope.parameter(`${name}.bias`, [units], initializer);
  if (sees === 'causal') return builder.conv1d(x, weight, bias, dilation);
  const ahead = Math.floor((width - 1) / 2) * dilation;
  const padded = ahead === 0 ? x : builder.pad(x, [0, 0, 0], [ahead, 0, 0]);
  return builder.slice(builder.conv1d(padded, weight, bias, dilation), 0, ahead, ahead + steps);
}
