import type { Device } from '@twostage/core/runs/config';
import type { InferenceProgram, TrainingProgram, Weights } from './program.ts';

/** Arrays by input name, each a whole batch of the program, row-major. */
export type Feeds = Readonly<Record<string, Float32Array>>;

export interface RuntimeOptions {
  readonly threads: number;
  readonly device: Device;
  /** Said aloud: e.g. that a device was missing and the CPU took its place. */
  readonly note: (line: string) => void;
}

/** Trains and runs one network: ONNX Runtime or TensorFlow. Holds parameters, moments and state; deterministic on CPU. */
export interface StepRuntime {
  /** What runs it, e.g. `ONNX Runtime 1.30.0, cpu, 2 threads`. */
  readonly description: string;
  /**
   * One optimizer step.
   * @param feeds the network's inputs, dropout masks, noise, fed tensors, target and row weights
   * @param hyper of `adamWHyper`
   * @param terms written, if given: the values of the program's terms before the step
   * @returns the loss before the step
   */
  step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number>;
  /** Null where a call costs next to nothing beside a step. */
  readonly several: SeveralSteps | null;
  /** The output of one batch, in inference mode. The array is the caller's. */
  predict(feeds: Feeds): Promise<Float32Array>;
  /** A copy of the learnt numbers. */
  weights(): Promise<Weights>;
  /** Replaces the learnt numbers; the optimizer's moments stay. */
  setWeights(weights: Weights): Promise<void>;
  /** Frees native memory. */
  close(): Promise<void>;
}

/** Several optimizer steps by one call, one after the other, with the same numbers as step by step. */
export interface SeveralSteps {
  readonly count: number;
  /**
   * @param feeds as of `StepRuntime.step`, each [count, …]
   * @param hyper [count, hyperLength]
   * @param terms written, if given: [count, terms]
   * @returns [count], the loss before each step
   */
  step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<Float32Array>;
}

/** What a runtime is made of. Without `training`, it can only predict. */
export interface RuntimeInput {
  readonly training: TrainingProgram | null;
  readonly inference: InferenceProgram;
  readonly weights: Weights;
  readonly options: RuntimeOptions;
  /** Steps will be taken one by one only: `several` stays null, and costs nothing to make. */
  readonly oneByOne?: boolean;
}

/** @throws DomainError ENGINE_MISSING | ENGINE_FAILED */
export type RuntimeFactory = (input: RuntimeInput) => Promise<StepRuntime>;
