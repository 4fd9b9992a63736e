import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { assertNever, messageOf } from '@twostage/core/errors';
import { resolveParameters } from '@twostage/core/families/parameters';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import type { TrainingSpec } from '@twostage/core/runs/training';
import { writePortfolio } from '@twostage/data/portfolio';
import { writePredictions } from '@twostage/data/predictions';
import { catalogue } from '@twostage/families/catalogue';
import type { ChildCommand } from '../training-process/command.ts';
import { childEnvironment } from '../training-process/environment.ts';
import { type ChildReport, runChild } from '../training-process/parent.ts';
import type { ChildMessage, TrainJob } from '../training-process/protocol.ts';
import { cleanLine } from '../training-process/text.ts';
import { trainingFolder } from './trainingRecord.ts';

/** After TERM: long enough for a boosting round or a batch to end, short enough for someone who waits. */
const graceMs = 8000;

export interface RunTrainingInput {
  readonly config: RunConfig;
  readonly runDir: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly command?: ChildCommand;
  readonly write: (event: RunEvent) => void;
}

export function trainJob(spec: TrainingSpec, config: RunConfig, runDir: string, threads: number): TrainJob {
  return {
    kind: 'train',
    training: spec,
    trainingDir: trainingFolder(runDir, spec.id),
    datasetDir: path.join(runDir, runDirectory.dataset),
    folds: config.folds,
    lookback: config.lookback,
    seed: config.seed,
    costBasisPoints: config.costBasisPoints,
    quantiles: config.quantiles,
    threads,
    device: spec.stage === 'cpu' ? 'cpu' : config.device,
    parameters: resolveParameters(catalogue[spec.family], {
      ...config.parameters[spec.family],
      ...spec.plan?.parameters,
    }),
  };
}

/**
 * One training in a fresh child, from an empty folder to its readable predictions. Writes training.started, progress,
 * folds and log lines; the end is the caller's to write, once it is durable on disk.
 */
export async function runTraining(spec: TrainingSpec, input: RunTrainingInput): Promise<ChildReport> {
  const { config, runDir, write } = input;
  const training = spec.id;
  const directory = trainingFolder(runDir, training);
  // What an earlier attempt left is no part of this one.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const job = trainJob(spec, config, runDir, input.threads);
  const report = await runChild({
    job,
    directory,
    env: childEnvironment(process.env, { stage: spec.stage, device: job.device, threads: job.threads }),
    deadlineMs: config.deadlineSeconds * 1000,
    memoryCapBytes: config.memoryCapMb * 2 ** 20,
    graceMs,
    signal: input.signal,
    command: input.command,
    onStarted: (pid) => write({ kind: 'training.started', training, pid, threads: job.threads }),
    onMessage: (message) => {
      const event = eventOf(training, message);
      if (event) write(event);
    },
    onLine: (stream, line) => write({ kind: 'log', training, stream, line }),
  });
  if (report.outcome.kind !== 'completed') return report;
  try {
    await writePredictions(directory, job.datasetDir);
    await writePortfolio(directory, job.datasetDir);
    return report;
  } catch (error) {
    const message = `its predictions or its portfolio could not be written: ${messageOf(error)}`;
    return { ...report, outcome: { kind: 'failed', message, exitCode: 0, signal: null } };
  }
}

function eventOf(training: string, message: ChildMessage): RunEvent | null {
  switch (message.type) {
    case 'progress':
      return { kind: 'training.progress', training, progress: message.progress };
    case 'foldEnded':
      return { kind: 'training.foldEnded', training, result: message.result };
    case 'note':
      return { kind: 'log', training, stream: 'runner', line: cleanLine(message.line) };
    // Part of the outcome.
    case 'result':
    case 'failed':
    case 'pooledEvidence':
    case 'symbolEvidence':
    case 'measured':
    case 'predicted':
    case 'probed':
      return null;
    default:
      return assertNever(message);
  }
}
