import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { loadTensorFlow } from '../../tensorflow/load.ts';
import { adamWDefaults, adamWHyper } from '../adamw.ts';
import { batchNormalisation } from '../layers/batchNormalisation.ts';
import { dense } from '../layers/dense.ts';
import { meanSquaredError } from '../losses.ts';
import type { Network } from '../network.ts';
import { createOnnxRuntime } from '../onnx/runtime.ts';
import { inferenceProgram, trainingProgram, type Weights } from '../program.ts';
import type { Feeds, RuntimeInput, StepRuntime } from '../runtime.ts';
import { initialWeights } from '../weights.ts';
import { createTensorFlowRuntime } from './runtime.ts';

const batch = 32;
const network: Network = (scope) => {
  const hidden = batchNormalisation(scope, 'norm', dense(scope, 'hidden', scope.input('x', [6]), 24, { bias: false }));
  return dense(scope, 'head', scope.dropout(scope.builder.relu(hidden), 0.2), 1);
};
const training = trainingProgram(network, batch, {
  loss: meanSquaredError,
  targetShape: [],
  optimizer: adamWDefaults,
  clipNorm: 1,
});
const inference = inferenceProgram(network, batch);
const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };

function runtimeInput(notes: string[] = [], device: 'cpu' | 'cuda' = 'cpu'): RuntimeInput {
  const weights = initialWeights(training.spec, 3);
  return { training, inference, weights, options: { threads: 2, device, note: (line) => notes.push(line) } };
}

function feedsOf(random: Random): Feeds {
  const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
  const x = draw(batch * 6);
  const target = Float32Array.from({ length: batch }, (_, row) => x[row * 6]! * x[row * 6 + 1]!);
  const dropout0 = draw(batch * 24).map((value) => (value < -0.6 ? 0 : 1.25));
  return { x, target, dropout0, rowWeights: new Float32Array(batch).fill(1) };
}

async function train(runtime: StepRuntime, steps: number): Promise<{ losses: number[]; weights: Weights }> {
  const random = new Random(9);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    losses.push(await runtime.step(feedsOf(random), adamWHyper(step, optimizer)));
  }
  return { losses, weights: await runtime.weights() };
}

describe('the TensorFlow runtime', () => {
  it('learns, and is the same to the bit when run again', async () => {
    const runs = [];
    for (let run = 0; run < 2; run++) {
      const runtime = await createTensorFlowRuntime(runtimeInput());
      runs.push({ ...(await train(runtime, 200)), predicted: await runtime.predict(feedsOf(new Random(1))) });
      await runtime.close();
    }
    const [first, second] = runs;
    const mean = (losses: number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(mean(first!.losses.slice(-20))).toBeLessThan(0.5 * mean(first!.losses.slice(0, 20)));
    expect(second).toEqual(first);
  });

  it('walks with ONNX Runtime', async () => {
    const [ours, theirs] = [await createTensorFlowRuntime(runtimeInput()), await createOnnxRuntime(runtimeInput())];
    const [a, b] = [await train(ours, 20), await train(theirs, 20)];
    a.losses.forEach((loss, step) => {
      expect(Math.abs(loss / b.losses[step]! - 1), `step ${step + 1}`).toBeLessThan(1e-5);
    });
    a.weights.state.forEach((value, i) => {
      expect(Math.abs(value - b.weights.state[i]!)).toBeLessThan(1e-5);
    });
    await ours.close();
    await theirs.close();
  });

  it('keeps its memory flat over 1,000 steps and gives all of it back', async () => {
    const { tf } = loadTensorFlow();
    const before = tf.memory().numTensors;
    const runtime = await createTensorFlowRuntime(runtimeInput());
    await train(runtime, 200);
    const [tensors, rss] = [tf.memory().numTensors, process.memoryUsage.rss()];
    await train(runtime, 1000);
    await runtime.predict(feedsOf(new Random(1)));
    expect(tf.memory().numTensors).toBe(tensors);
    expect(process.memoryUsage.rss() - rss).toBeLessThan(16 * 2 ** 20);
    await runtime.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes weights back', async () => {
    const runtime = await createTensorFlowRuntime(runtimeInput());
    const feeds = feedsOf(new Random(4));
    const [early, predicted] = [await runtime.weights(), await runtime.predict(feeds)];
    await train(runtime, 5);
    expect(await runtime.predict(feeds)).not.toEqual(predicted);
    await runtime.setWeights(early);
    expect(await runtime.predict(feeds)).toEqual(predicted);
    await runtime.close();
  });

  it('says what runs it, and that the CPU took the place of a device that is not there', async () => {
    const notes: string[] = [];
    const runtime = await createTensorFlowRuntime(runtimeInput(notes, 'cuda'));
    expect(runtime.description).toMatch(/^TensorFlow 2\.\d+\.\d+, cpu, 2 threads$/);
    expect(notes).toEqual([expect.stringMatching(/^TensorFlow \S+ cannot use cuda here, cpu takes its place$/)]);
    await runtime.close();
  });

  it('names an input that is missing or of another size', async () => {
    const runtime = await createTensorFlowRuntime(runtimeInput());
    const { tf } = loadTensorFlow();
    const before = tf.memory().numTensors;
    await expect(runtime.predict({})).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: 'input "x" takes 192 values, got nothing',
    });
    await expect(runtime.predict({ x: new Float32Array(6) })).rejects.toMatchObject({
      message: 'input "x" takes 192 values, got [6]',
    });
    expect(tf.memory().numTensors).toBe(before);
    await runtime.close();
  });
});
