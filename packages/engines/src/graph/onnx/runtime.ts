import { sizeOf } from '../ir.ts';
import { fetches, type InferenceProgram, type Weights } from '../program.ts';
import type { Feeds, RuntimeInput, RuntimeOptions, StepRuntime } from '../runtime.ts';
import { emitOnnx } from './emit.ts';
import { inHalves } from './halves/layout.ts';
import { HalvesStepper } from './halves/stepper.ts';
import { describeSession, type OnnxSession, openSession } from './session.ts';
import { batchTensors, data, learntFeeds, type Stepper, tensor, WholeStepper } from './stepper.ts';

/**
 * Trains and runs a network with ONNX Runtime. On the CPU the numbers are the same from run to run and with any number of
 * threads.
 * @throws DomainError ENGINE_FAILED
 */
export async function createOnnxRuntime(input: RuntimeInput): Promise<StepRuntime> {
  const { inference, options } = input;
  const session = await openSession((dialect) => emitOnnx(inference.graph, dialect), options);
  try {
    // Where a device was missing, that has been said: the training goes where the predictions are.
    const stepper = await openStepper(input, { ...options, device: session.provider });
    const description = describeSession(session.provider, options.threads);
    const suffix = stepper instanceof HalvesStepper ? ', batches in halves' : '';
    return new OnnxRuntime(description + suffix, { program: inference, session }, stepper);
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function openStepper({ training, weights }: RuntimeInput, options: RuntimeOptions): Promise<Stepper> {
  if (training === null) return new WholeStepper(null, weights);
  const halves = options.device === 'cpu' ? inHalves(training) : null;
  if (halves) return HalvesStepper.open(halves, weights, options);
  const session = await openSession((dialect) => emitOnnx(training.graph, dialect), options);
  return new WholeStepper({ program: training, session }, weights);
}

class OnnxRuntime implements StepRuntime {
  constructor(
    readonly description: string,
    readonly inference: { readonly program: InferenceProgram; readonly session: OnnxSession },
    readonly stepper: Stepper,
  ) {}

  step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number> {
    return this.stepper.step(feeds, hyper, terms);
  }

  async predict(feeds: Feeds): Promise<Float32Array> {
    const { program, session } = this.inference;
    const learnt = learntFeeds(await this.stepper.learnt(), program.spec.stateCount > 0);
    const output = new Float32Array(sizeOf(program.outputShape));
    const inputs = { ...batchTensors(program.graph, feeds), ...learnt };
    await session.run(inputs, { [fetches.output]: tensor(output, program.outputShape) });
    return output;
  }

  async weights(): Promise<Weights> {
    const { parameters, state } = await this.stepper.learnt();
    return { parameters: data(parameters).slice(), state: data(state).slice() };
  }

  setWeights(weights: Weights): Promise<void> {
    return this.stepper.setWeights(weights);
  }

  async close(): Promise<void> {
    await this.inference.session.release();
    await this.stepper.close();
  }
}
