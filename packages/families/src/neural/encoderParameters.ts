import { z } from 'zod';

interface Size {
  readonly default: number;
  readonly most: number;
}

/**
 * The parameters of a Transformer encoder, to be spread into a family's own; browser-safe.
 * @param token what a token stands for, as in "a bar"
 */
export function encoderParameters(token: string, width: Size, feedForward: Size) {
  return {
    width: z
      .number()
      .int()
      .min(8)
      .max(width.most)
      .default(width.default)
      .meta({ title: 'Width', description: `Numbers that stand for ${token}.` }),
    heads: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(4)
      .meta({ title: 'Heads', description: 'Attention heads; they divide the width.' }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(2)
      .meta({ title: 'Layers', description: 'Encoder layers stacked on each other.' }),
    feedForward: z
      .number()
      .int()
      .min(8)
      .max(feedForward.most)
      .default(feedForward.default)
      .meta({ title: 'Feed-forward units', description: 'Inner width of the network after each attention.' }),
  };
}

type Encoder = { readonly width: number; readonly heads: number };
/** For `refine`. */
export const headsDivideWidth = [
  ({ width, heads }: Encoder) => width % heads === 0,
  'the heads must divide the width',
] as const;
