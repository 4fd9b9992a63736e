import type { z } from 'zod';
import type { NetworkDrawing } from '../neural/drawing.ts';
import { torchTrainer } from '../neural/torchTrainer.ts';
import { definition, type parameters } from './definition.ts';
import { type NetworkSize, tabLstm } from './network.ts';

export const trainer = torchTrainer(definition, (given, read) => {
  const settings = given as z.infer<typeof parameters>;
  const size = { ...settings, ...read };
  return { settings, network: (scope) => tabLstm(scope, size).output, drawings: [gateDrawing(size)] };
});

const bins = 20;

function gateDrawing(size: NetworkSize): NetworkDrawing {
  return {
    network: (scope) => tabLstm(scope, size).gate,
    draw: (outputs) => {
      const counts = new Array<number>(bins).fill(0);
      for (const opening of outputs) counts[Math.min(bins - 1, Math.floor(opening * bins))]!++;
      return {
        kind: 'histogram',
        title: 'How far the current bar opens the memory',
        help: 'Gates of all units on test rows: at 0 the bar silences what the LSTM remembers, at 1 it lets it through.',
        xLabel: 'Opening',
        edges: Array.from({ length: bins + 1 }, (_, i) => i / bins),
        counts,
      };
    },
  };
}
