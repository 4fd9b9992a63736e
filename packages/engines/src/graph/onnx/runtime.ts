import { type Graph, sizeOf } from '../ir.ts';
import { fetches, type InferenceProgram, type Weights } from '../program.ts';
import { repeatedSteps } from '../repeat.ts';
import type { Feeds, RuntimeInput, RuntimeOptions, SeveralSteps, StepRuntime } from '../runtime.ts';
import { emitOnnx } from './emit.ts';
import { inHalves } from './halves/layout.ts';
import { HalvesStepper } from './halves/stepper.ts';
import { describeSession, type OnnxSession, openSession } from './session.ts';
import { batchTensors, data, learntFeeds, type Stepper, type StepSession, tensor, WholeStepper } from './stepper.ts';

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

async function openStepper({ training, weights, oneByOne }: RuntimeInput, options: RuntimeOptions): Promise<Stepper> {
  if (training === null) return new WholeStepper(null, weights);
  const halves = options.device === 'cpu' ? inHalves(training) : null;
  if (halves) return HalvesStepper.open(halves, weights, options);
  const one = await openStep(training.graph, options);
  // On a device, what is fed lies elsewhere: there a call costs too, but little of it is the call's own.
  const repeated = options.device === 'cpu' && !oneByOne ? repeatedSteps(training, stepsAtOnce) : null;
  try {
    const several = repeated && { ...(await openStep(repeated, options)), count: stepsAtOnce };
    return new WholeStepper({ one, several }, weights);
  } catch (error) {
    await one.session.release();
    throw error;
  }
}

/** A call of ONNX Runtime with the tensors of a step costs some 45 µs. */
const stepsAtOnce = 8;

async function openStep(graph: Graph, options: RuntimeOptions): Promise<StepSession> {
  return { graph, session: await openSession((dialect) => emitOnnx(graph, dialect), options) };
}

class OnnxRuntime implements StepRuntime {
  constructor(
    readonly description: string,
    readonly inference: { readonly program: InferenceProgram; readonly session: OnnxSession },
    readonly stepper: Stepper,
  ) {}

  get several(): SeveralSteps | null {
    return this.stepper.several;
  }

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
