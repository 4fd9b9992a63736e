import type { z } from 'zod';
import { attentionHeatmap, meanOverRows, type NetworkDrawing } from '../neural/drawing.ts';
import { torchTrainer } from '../neural/torchTrainer.ts';
import { definition, type parameters } from './definition.ts';
import { type NetworkSize, transformer } from './network.ts';

export const trainer = torchTrainer(definition, (given, read) => {
  const settings = given as z.infer<typeof parameters>;
  const size = { ...settings, ...read };
  return { settings, network: (scope) => transformer(scope, size).output, drawings: [attentionDrawing(size)] };
});

function attentionDrawing(size: NetworkSize): NetworkDrawing {
  const { heads, lookback } = size;
  return {
    network: (scope) => scope.builder.reshape(transformer(scope, size).attention, [scope.batchSize, heads * lookback]),
    draw: (outputs, rows) =>
      attentionHeatmap(
        meanOverRows(outputs, rows),
        heads,
        Array.from({ length: lookback }, (_, i) => String(lookback - 1 - i)),
        {
          title: 'Attention of the last bar',
          help: 'How much each head of the last layer looks at the bar so many bars ago, mean over test rows.',
        },
      ),
  };
}
