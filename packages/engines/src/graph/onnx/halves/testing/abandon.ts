/** Takes one step in two threads and comes to its end without closing anything. */
import { adamWDefaults, adamWHyper } from '../../../adamw.ts';
import { loadWideTrainingCases } from '../../testing/wideCases.ts';
import { createOnnxRuntime } from '../../runtime.ts';

const { training, inference, start, golden } = loadWideTrainingCases()[0]!;
const options = { threads: 2, device: 'cpu', note: () => {} } as const;
const runtime = await createOnnxRuntime({ training, inference, weights: start, options });
const { x, y } = golden.batches[0]!;
const feeds = {
  x: Float32Array.from(x.data),
  target: Float32Array.from(y.data),
  rowWeights: new Float32Array(golden.batchSize).fill(1),
};
await runtime.step(feeds, adamWHyper(1, { ...adamWDefaults, learningRate: 1e-3, weightDecay: 0 }));
console.log(runtime.description.split(', ').at(-1));
