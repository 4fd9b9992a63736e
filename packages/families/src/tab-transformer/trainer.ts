import type { z } from 'zod';
import { attentionHeatmap, meanOverRows, type NetworkDrawing } from '../neural/drawing.ts';
import { torchTrainer } from '../neural/torchTrainer.ts';
import { definition, type parameters } from './definition.ts';
import { type NetworkSize, tabTransformer } from './network.ts';

export const trainer = torchTrainer(definition, (given, { features }) => {
  const settings = given as z.infer<typeof parameters>;
  const size = { ...settings, features };
  return { settings, network: (scope) => tabTransformer(scope, size).output, drawings: [attentionDrawing(size)] };
});

function attentionDrawing(size: NetworkSize): NetworkDrawing {
  const { heads, features } = size;
  return {
    network: (scope) =>
      scope.builder.reshape(tabTransformer(scope, size).attention.at(-1)!, [scope.batchSize, heads * (features + 1)]),
    draw: (outputs, rows, featureNames) =>
      attentionHeatmap(meanOverRows(outputs, rows), heads, [...featureNames, '[CLS]'], {
        title: 'Attention across features',
        help: 'How much the token that makes the forecast looks at each feature in the last layer, mean over test rows.',
      }),
  };
}
