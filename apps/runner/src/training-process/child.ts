import { readFile } from 'node:fs/promises';
import { assertNever, DomainError, messageOf } from '@twostage/core/errors';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { predictionColumns } from '@twostage/core/runs/predictionColumns';
import { openDataset } from '@twostage/data/openDataset';
import { trainers } from '@twostage/families/trainers';
import { ProgressThinner, sendMessage } from './channelWriter.ts';
import { nothingDone } from './fitReporter.ts';
import { dieWithParent } from './parentLink.ts';
import { type EngineReport, type Job, jobSchema, type PredictJob, type ProbeJob, type TrainJob } from './protocol.ts';
import { cleanLine } from './text.ts';
import { trainFolds } from './trainFolds.ts';
import { panelOf } from './trainingData.ts';
import { writePredictionColumns } from './trainingFiles.ts';

/** The program of a training's process: `node --import tsx/esm child.ts JOB.json`. Loads one family's engine and no other. */
let stopRequested = false;
process.on('SIGTERM', () => {
  stopRequested = true;
});
process.on('uncaughtException', fail);

main().then(() => process.exit(0), fail);

async function main(): Promise<void> {
  dieWithParent(Number(process.env.TWOSTAGE_PARENT_PID));
  const job = await readJob(process.argv[2]);
  switch (job.kind) {
    case 'train':
      return train(job);
    case 'predict':
      return predict(job);
    case 'evidence':
      await (await import('./measureEvidence.ts')).measureEvidence(job, () => stopRequested);
      return sendMessage({ type: 'measured' });
    case 'probe':
      return sendMessage({ type: 'probed', report: await probe(job.engine) });
    default:
      assertNever(job);
  }
}

async function readJob(file: string | undefined): Promise<Job> {
  if (file === undefined) throw new DomainError('INVALID_INPUT', 'expected the path of a job.json, got nothing');
  return jobSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

async function train(job: TrainJob): Promise<void> {
  sendMessage({ type: 'progress', progress: nothingDone(job) });
  const dataset = openDataset(job.datasetDir);
  const { family } = job.training;
  const trainer = await trainers[family]();
  const thinner = new ProgressThinner((progress) => sendMessage({ type: 'progress', progress }));
  const training = trainFolds({
    job,
    trainer,
    dataset,
    onProgress: (progress) => thinner.push(progress),
    onFold: (result) => {
      thinner.flush();
      sendMessage({ type: 'foldEnded', result });
    },
    onNote: (line) => sendMessage({ type: 'note', line }),
    stopRequested: () => stopRequested,
  });
  // What was held back of the last fit, also of one that failed: the model for the holdout ends no fold.
  const result = await training.finally(() => thinner.flush());
  sendMessage({ type: 'result', result });
}

async function predict(job: PredictJob): Promise<void> {
  const dataset = openDataset(job.datasetDir);
  const { training, lookback, threads, device } = job;
  const { panel, firstRow } = panelOf(dataset.panel, training.scope);
  const trainer = await trainers[training.family]();
  const model = await trainer.load(job.modelDir, threads, device);
  try {
    const rows = rowsInTimeOrder(panel);
    const { values, byTarget, uncertainty } = await model.predict({ panel, rows, lookback, threads, device });
    const targets = training.targets ?? [training.target];
    const known = new Set(dataset.manifest.targets.map(({ name }) => name));
    const columns = predictionColumns(targets, byTarget ?? [values], uncertainty);
    await writePredictionColumns(job.outputDir, {
      rows: rows.map((row) => firstRow + row),
      folds: new Uint32Array(rows.length).fill(job.fold),
      // New data need not say what came true.
      columns: columns.map(({ outcome, ...column }) =>
        outcome && known.has(outcome.target) ? { ...column, outcome } : column,
      ),
    });
    sendMessage({ type: 'predicted', rows: rows.length });
  } finally {
    await model.close();
  }
}

function rowsInTimeOrder({ rows, barOf, symbolOf }: Panel): RowIndices {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  return order.sort((a, b) => barOf[a]! - barOf[b]! || symbolOf[a]! - symbolOf[b]!);
}

async function probe(engine: ProbeJob['engine']): Promise<EngineReport> {
  const result = await (await import('@twostage/engines/probes')).probeEngine(engine);
  if (!result.found) return { found: false, how: result.how };
  return { found: true, version: result.version, devices: [...result.devices], path: result.path };
}

/** A stop that was asked for ends by the signal itself, so that the parent sees who ended it; anything else is a failure. */
function fail(error: unknown): void {
  if (stopRequested && error instanceof DomainError && error.code === 'CANCELLED') {
    process.removeAllListeners('SIGTERM');
    process.kill(process.pid, 'SIGTERM');
    return;
  }
  console.error(error);
  sendMessage({ type: 'failed', message: cleanLine(messageOf(error).split('\n', 1)[0]!) });
  process.exit(1);
}
