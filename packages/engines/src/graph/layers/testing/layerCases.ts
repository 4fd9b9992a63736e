import { readFileSync } from 'node:fs';
import type { GraphBuilder } from '../../builder.ts';
import type { Tensor } from '../../ir.ts';
import type { NetworkScope } from '../../network.ts';
import { type GoldenCase, type GradientCase, gradientCase } from '../../testing/gradientCases.ts';
import { type Attention, multiHeadAttention } from '../attention.ts';
import { encoderLayer } from '../encoderLayer.ts';
import { featureTokens } from '../featureTokens.ts';
import { layerNormalisation } from '../layerNormalisation.ts';
import { learntPositions } from '../positions.ts';

/** Hands out the inputs of a case as parameters, in order of declaration; nothing is dropped. */
function caseScope(builder: GraphBuilder, parameters: readonly Tensor[]): NetworkScope {
  const values = parameters.values();
  const scope: Pick<NetworkScope, 'builder' | 'parameter' | 'dropout'> = {
    builder,
    parameter: () => values.next().value!,
    dropout: (x) => x,
  };
  return scope as NetworkScope;
}

const both = ({ output, weights }: Attention) => [output, weights];

type Layer = (scope: NetworkScope, x: Tensor) => readonly Tensor[];

/** Layers as golden/make_golden.py has them: the first input is x, then come the parameters. */
const layers: Readonly<Record<string, Layer>> = {
  layerNormalisation: (scope, x) => [layerNormalisation(scope, 'norm', x)],
  'attention.all': (scope, x) => both(multiHeadAttention(scope, 'attention', x, { heads: 2 })),
  'attention.causal': (scope, x) => both(multiHeadAttention(scope, 'attention', x, { heads: 2, causal: true })),
  'attention.causalLast': (scope, x) => [
    multiHeadAttention(scope, 'attention', x, { heads: 3, causal: true, queries: 2 }).output,
  ],
  'encoder.all': (scope, x) => [encoderLayer(scope, 'layer', x, { heads: 2, feedForward: 6, dropout: 0.5 }).output],
  'encoder.causalLast': (scope, x) => {
    const settings = { heads: 2, feedForward: 6, dropout: 0.5, causal: true, queries: 1 };
    return [encoderLayer(scope, 'layer', x, settings).output];
  },
  positions: (scope, x) => [learntPositions(scope, 'positions', x)],
  featureTokens: (scope, x) => [featureTokens(scope, 'tokens', x, 4)],
};

/** Every layer with PyTorch's values: any runtime must give `expected` for `graph` fed with `feeds`. */
export function loadLayerCases(): GradientCase[] {
  const file = new URL('../golden/layers.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, GoldenCase>;
  return Object.entries(layers).map(([name, layer]) => {
    const values = golden[name];
    if (!values) throw new Error(`golden/layers.json has no "${name}": run golden/make_golden.py`);
    return gradientCase(name, values, (builder, [x, ...parameters]) => layer(caseScope(builder, parameters), x!));
  });
}
