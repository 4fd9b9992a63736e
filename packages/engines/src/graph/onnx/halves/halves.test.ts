import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { adamWDefaults, adamWHyper } from '../../adamw.ts';
import { batchNormalisation } from '../../layers/batchNormalisation.ts';
import { dense } from '../../layers/dense.ts';
import { encoderLayer } from '../../layers/encoderLayer.ts';
import { lstm } from '../../layers/lstm.ts';
import { meanSquaredError } from '../../losses.ts';
import type { Network } from '../../network.ts';
import { inferenceProgram, trainingProgram } from '../../program.ts';
import { initialWeights } from '../../weights.ts';
import { dialectOf, standard } from '../dialect.ts';
import { emitOnnx } from '../emit.ts';
import { createOnnxRuntime } from '../runtime.ts';
import { openSession } from '../session.ts';
import { WholeStepper } from '../stepper.ts';
import { HelperThread } from './helperThread.ts';
import { inHalves, StepMemory } from './layout.ts';
import { HalvesStepper } from './stepper.ts';

const batchSize = 8;
const network: Network = (scope) => {
  const x = scope.builder.transpose(scope.dropout(scope.input('x', [3, 4]), 0.25), [1, 0, 2]);
  return dense(scope, 'head', lstm(scope, 'lstm', x, 16, 'last'), 1);
};
const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };
const training = trainingProgram(network, batchSize, {
  loss: meanSquaredError,
  targetShape: [],
  optimizer,
  clipNorm: 0.5,
});
const start = initialWeights(training.spec, 1);
const halved = inHalves(training)!;
const optionsOf = (threads: number) => ({ threads, device: 'cpu', note: () => {} }) as const;

/** @param rows with weight; the rest is padding */
function feedsOf(step: number, rows = batchSize) {
  const wave = (length: number, pace: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(pace * (i + 9 * step)));
  const [dropout] = training.dropouts;
  const mask = Float32Array.from({ length: batchSize * 12 }, (_, i) => ((i + step) % 4 === 0 ? 0 : 4 / 3));
  const rowWeights = new Float32Array(batchSize).fill(1, 0, rows);
  return { x: wave(batchSize * 12, 0.7), target: wave(batchSize, 1.3), rowWeights, [dropout!.name]: mask };
}

/** Ten steps, looked at in the middle and put back to the start once. */
async function walk(stepper: HalvesStepper | WholeStepper) {
  const losses: number[] = [];
  const seen: Float32Array[] = [];
  const look = async () => void seen.push((await stepper.learnt()).parameters.data.slice() as Float32Array);
  try {
    for (let step = 1; step <= 10; step++) {
      const rows = [8, 3, 6][step % 3];
      losses.push(await stepper.step(feedsOf(step, rows), adamWHyper(step, optimizer)));
      if (step % 4 === 0) await look();
      if (step === 6) await stepper.setWeights(start);
    }
    await look();
    return { losses, seen };
  } finally {
    await stepper.close();
  }
}

describe('a step in two halves of its batch', () => {
  it('is the step of the whole batch, padding and weights put back in between included', async () => {
    const session = await openSession((dialect) => emitOnnx(training.graph, dialect), optionsOf(1));
    const whole = await walk(new WholeStepper({ one: { graph: training.graph, session }, several: null }, start));
    const parts = await walk(await HalvesStepper.open(halved, start, optionsOf(2)));
    parts.losses.forEach((loss, i) => {
      expect(Math.abs(loss / whole.losses[i]! - 1), `step ${i + 1}`).toBeLessThan(1e-5);
    });
    parts.seen.forEach((parameters, i) => {
      parameters.forEach((value, j) => {
        expect(Math.abs(value - whole.seen[i]![j]!), `parameter ${j}`).toBeLessThan(1e-5);
      });
    });
  });

  it('is the same, bit by bit, from run to run and with any number of threads', async () => {
    const [one, two, again, four] = [
      await walk(await HalvesStepper.open(halved, start, optionsOf(1))),
      await walk(await HalvesStepper.open(halved, start, optionsOf(2))),
      await walk(await HalvesStepper.open(halved, start, optionsOf(2))),
      await walk(await HalvesStepper.open(halved, start, optionsOf(4))),
    ];
    expect(two).toEqual(one);
    expect(again).toEqual(one);
    expect(four).toEqual(one);
  });

  it('is the same whether or not somebody looks at the weights in between', async () => {
    const [quiet, watched] = [false, true].map(async (look) => {
      const stepper = await HalvesStepper.open(halved, start, optionsOf(2));
      for (let step = 1; step <= 5; step++) {
        await stepper.step(feedsOf(step), adamWHyper(step, optimizer));
        if (look) await stepper.learnt();
      }
      const parameters = (await stepper.learnt()).parameters.data.slice();
      await stepper.close();
      return parameters;
    });
    expect(await watched).toEqual(await quiet);
  });

  it('has several parts a thread where attention gains by it, padding as before', async () => {
    const rows = 256;
    const attentive: Network = (scope) => {
      const x = scope.builder.transpose(scope.input('x', [3, 4]), [1, 0, 2]);
      const { output } = encoderLayer(scope, 'layer', x, { heads: 2, feedForward: 8, dropout: 0 });
      return dense(scope, 'head', scope.builder.reduceMean(output, [0]), 1);
    };
    const program = trainingProgram(attentive, rows, training.source.settings);
    const parted = inHalves(program)!;
    expect(parted.layout.parts).toBe(8);
    const weights = initialWeights(program.spec, 1);
    const feeds = (step: number) => ({
      x: Float32Array.from({ length: rows * 12 }, (_, i) => Math.sin(0.7 * (i + 9 * step))),
      target: Float32Array.from({ length: rows }, (_, i) => Math.sin(1.3 * (i + 9 * step))),
      // The last parts are padding alone.
      rowWeights: new Float32Array(rows).fill(1, 0, step === 2 ? 150 : rows),
    });
    const lossesOf = async (stepper: HalvesStepper | WholeStepper) => {
      const losses: number[] = [];
      for (let step = 1; step <= 4; step++) losses.push(await stepper.step(feeds(step), adamWHyper(step, optimizer)));
      await stepper.close();
      return losses;
    };
    const session = await openSession((dialect) => emitOnnx(program.graph, dialect), optionsOf(1));
    const whole = await lossesOf(new WholeStepper({ one: { graph: program.graph, session }, several: null }, weights));
    const [one, two] = [
      await lossesOf(await HalvesStepper.open(parted, weights, optionsOf(1))),
      await lossesOf(await HalvesStepper.open(parted, weights, optionsOf(2))),
    ];
    expect(two).toEqual(one);
    two.forEach((loss, i) => {
      expect(Math.abs(loss / whole[i]! - 1), `step ${i + 1}`).toBeLessThan(1e-5);
    });
  });

  it('is taken where a batch can be halved and its rows do not depend on each other', () => {
    const programOf = (network: Network, rows = batchSize) => trainingProgram(network, rows, training.source.settings);
    expect(halved.program.batchSize).toBe(batchSize / 2);
    expect(inHalves(programOf((scope) => dense(scope, 'head', scope.input('x', [4]), 1)))).not.toBeNull();
    expect(inHalves(programOf(network, 7))).toBeNull();
    const normalised: Network = (scope) =>
      dense(scope, 'head', batchNormalisation(scope, 'norm', scope.input('x', [4])), 1);
    expect(inHalves(programOf(normalised))).toBeNull();
  });
});

describe('the thread of the second half', () => {
  const { program, layout } = halved;

  it('says why it cannot begin', async () => {
    await expect(
      HelperThread.start(new Uint8Array([1, 2, 3]), layout, new StepMemory(layout), 1),
    ).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/second half of the batch failed: .*refused the model/),
    });
  });

  it('lets the main thread know of an error in a step', async () => {
    const model = emitOnnx(program.graph, standard);
    const inputs = layout.inputs.map((input) => (input.name === 'x' ? { ...input, shape: [1, 3, 4] } : input));
    const wrong = { ...layout, inputs };
    const thread = await HelperThread.start(model, wrong, new StepMemory(wrong), 1);
    thread.begin(0);
    await expect(thread.finished()).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/second half of the batch failed: .*invalid dimensions/i),
    });
    await thread.stop();
  });

  it('has ended when it has been stopped, and nobody waits for it in vain', async () => {
    const thread = await HelperThread.start(
      emitOnnx(program.graph, await dialectOf('cpu', 1)),
      layout,
      new StepMemory(layout),
      1,
    );
    await thread.stop();
    thread.begin(0);
    await expect(thread.finished()).rejects.toThrow(/it ended with code 0/);
  });

  it('does not keep the process of an abandoned training', () => {
    const script = fileURLToPath(new URL('testing/abandon.ts', import.meta.url));
    const output = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8', timeout: 20_000 });
    expect(output).toBe('batches in halves\n');
  });

  it('is closed with the runtime', async () => {
    const runtime = await createOnnxRuntime({
      training,
      inference: inferenceProgram(network, batchSize),
      weights: start,
      options: optionsOf(2),
    });
    await runtime.step(feedsOf(1), adamWHyper(1, optimizer));
    await runtime.close();
    await expect(runtime.step(feedsOf(2), adamWHyper(2, optimizer))).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });
});
