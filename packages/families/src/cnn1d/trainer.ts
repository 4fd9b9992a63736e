import type { z } from 'zod';
import { torchTrainer } from '../neural/torchTrainer.ts';
import { definition, type parameters } from './definition.ts';
import { cnn1dNetwork } from './network.ts';

export const trainer = torchTrainer(definition, (given, size) => {
  const settings = given as z.infer<typeof parameters>;
  return { settings, network: cnn1dNetwork({ ...settings, ...size }) };
});
