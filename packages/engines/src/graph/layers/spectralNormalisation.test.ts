import { describe, expect, it } from 'vitest';
import { adamWDefaults, adamWHyper } from '../adamw.ts';
import { meanSquaredError } from '../losses.ts';
import type { Network } from '../network.ts';
import { createOnnxRuntime } from '../onnx/runtime.ts';
import { inferenceProgram, trainingProgram } from '../program.ts';
import type { RuntimeFactory } from '../runtime.ts';
import { createTensorFlowRuntime } from '../tensorflow/runtime.ts';
import golden from './golden/spectral.json' with { type: 'json' };
import { spectrallyNormalisedDense } from './spectralNormalisation.ts';

const [features, units, batch] = [6, 8, 16];

const network: Network = (scope) => {
  const hidden = spectrallyNormalisedDense(scope, '0', scope.input('x', [features]), units);
  return spectrallyNormalisedDense(scope, '1', scope.builder.relu(hidden), 1);
};

/** The generator of golden/make_spectral.py. */
function draws(seed: number): (length: number) => Float32Array {
  let state = seed;
  return (length) =>
    Float32Array.from({ length }, () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 7) / 2 ** 23 - 1;
    });
}

async function walk(create: RuntimeFactory) {
  const settings = { loss: meanSquaredError, targetShape: [], optimizer: adamWDefaults, clipNorm: 0 };
  const training = trainingProgram(network, batch, settings);
  const { spec } = training;
  const draw = draws(77);
  const parameters = draw(spec.parameterCount);
  const state = new Float32Array(spec.stateCount);
  for (const { shape, offset, initialValue } of spec.states) state.fill(initialValue, offset, offset + shape[0]!);
  const runtime = await create({
    training,
    inference: inferenceProgram(network, batch),
    weights: { parameters, state },
    options: { threads: 1, device: 'cpu', note: () => {} },
  });
  const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };
  const losses: number[] = [];
  for (let step = 1; step <= golden.losses.length; step++) {
    const feeds = { x: draw(batch * features), target: draw(batch), rowWeights: new Float32Array(batch).fill(1) };
    losses.push(await runtime.step(feeds, adamWHyper(step, optimizer)));
  }
  const outputs = await runtime.predict({ x: draw(batch * features) });
  const { state: vectors } = await runtime.weights();
  await runtime.close();
  return { losses, outputs, vectors };
}

describe.each([
  ['TensorFlow', createTensorFlowRuntime],
  ['ONNX Runtime', createOnnxRuntime],
] as const)('spectral normalisation on %s', (_, create) => {
  it('takes the steps of torch.nn.utils.spectral_norm, keeps its singular vectors and predicts as it does', async () => {
    const { losses, outputs, vectors } = await walk(create);
    losses.forEach((loss, i) => {
      expect(Math.abs(loss / golden.losses[i]! - 1), `loss of step ${i + 1}`).toBeLessThan(1e-5);
    });
    expect(vectors).toHaveLength(golden.state.length);
    golden.state.forEach((value, i) => {
      expect(Math.abs(vectors[i]! - value), `singular vectors, ${i}`).toBeLessThan(1e-5);
    });
    golden.outputs.forEach((value, i) => {
      expect(Math.abs(outputs[i]! - value), `output ${i}`).toBeLessThan(1e-5);
    });
  });
});
