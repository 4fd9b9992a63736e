import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { catalogue } from '@twostage/families/catalogue';
import { runDirectory, trainingDirectory } from '@twostage/core/runs/runDirectory';
import { foldSettingsSchema } from '@twostage/core/runs/config';
import { parseTargetName } from '@twostage/core/runs/targets';
import { Database, quoteText } from '@twostage/data/database';
import { writePredictions } from '@twostage/data/predictions';
import { prepareDataset } from '@twostage/data/prepareDataset';
import { smallestCrossSection } from '@twostage/data/crossSection';
import pc from 'picocolors';
import type { RunRecord } from '../orchestrator/runRecord.ts';
import { runTask } from '../training-process/task.ts';
import { onInterrupt } from './interrupt.ts';
import { readRunFolder, type RunFolder } from './runFolders.ts';
import { shownPath, write } from './terminal.ts';
import { exitCodes, UsageError, unknownName } from './usage.ts';

export interface PredictFlags {
  readonly training?: string;
  readonly fold?: number;
  readonly dataDir?: string;
  readonly symbols?: string[];
  readonly output?: string;
  readonly threads?: number;
}

type Training = RunRecord['trainings'][number];

/** `twostage predict RUN`: features of a folder of market data, through a saved model, into a CSV or Parquet file. */
export async function predict(directory: string, flags: PredictFlags): Promise<number> {
  const run = await readRunFolder(directory);
  const training = chooseTraining(run, flags.training);
  const { spec } = training;
  const { fold, model, name } = chooseModel(training, flags.fold);
  const output = path.resolve(flags.output ?? 'predictions.csv');
  if (!/\.(csv|parquet)$/.test(output))
    throw new UsageError(`--output: expected a file that ends in .csv or .parquet, got ${flags.output}`);
  const { config } = run.record;
  const targets = spec.targets ?? [spec.target];
  const working = await mkdtemp(path.join(tmpdir(), 'twostage-predict-'));
  const interrupt = onInterrupt(() => {});
  try {
    const datasetDir = path.join(working, runDirectory.dataset);
    const dataset = await prepareDataset({
      dataDir: path.resolve(flags.dataDir ?? config.dataDir),
      symbols: flags.symbols ?? (flags.dataDir === undefined ? config.symbols : []),
      // Of the labels nothing is used: any target that every file has will do where the data are new.
      targets: flags.dataDir === undefined || targets.every(isComputed) ? targets : ['fwd_ret_1b'],
      targetLagBars: config.targetLagBars,
      features: config.features,
      normalisation: config.normalisation,
      featureExpressions: config.featureExpressions,
      lookback: config.lookback,
      folds: foldSettingsSchema.parse({ count: 1, embargoBars: 0 }),
      outputDir: datasetDir,
      threads: flags.threads ?? config.threads,
      signal: interrupt.signal,
    });
    checkFeatures(run.record, dataset.summary);
    const { rows } = await runTask(
      {
        kind: 'predict',
        training: spec,
        fold,
        modelDir: path.resolve(directory, runDirectory.training(spec.id), model),
        outputDir: working,
        datasetDir,
        lookback: config.lookback,
        threads: flags.threads || config.threads || 1,
        device: catalogue[spec.family].stage === 'cpu' ? 'cpu' : config.device,
      },
      'predicted',
      { stage: spec.stage, device: config.device, deadlineMs: config.deadlineSeconds * 1000, signal: interrupt.signal },
    );
    await writeTable(await writePredictions(working, datasetDir), output);
    write(`${rows.toLocaleString('en-US')} predictions of ${spec.id}, ${name}, in ${shownPath(output)}`);
    return exitCodes.ok;
  } finally {
    interrupt.end();
    await rm(working, { recursive: true, force: true });
  }
}

const isComputed = (target: string): boolean => parseTargetName(target) !== null;

function chooseTraining({ directory, record }: RunFolder, id: string | undefined): Training {
  const completed = record.trainings.filter(({ state }) => state === 'completed');
  if (completed.length === 0)
    throw new UsageError(`${directory}: no training of this run completed, so it saved no model`);
  const icOf = ({ outcome }: Training) =>
    (outcome?.kind === 'completed' ? outcome.result.metrics.ic : null) ?? Number.NEGATIVE_INFINITY;
  const chosen =
    id === undefined
      ? [...completed].sort((a, b) => icOf(b) - icOf(a))[0]
      : completed.find(({ spec }) => spec.id === id);
  if (!chosen)
    throw new UsageError(
      `--training: ${unknownName(
        'training',
        id ?? '',
        completed.map(({ spec }) => spec.id),
      )}`,
    );
  return chosen;
}

/** The model that learnt of most: the holdout's where there is one, else that of the last fold. */
function chooseModel({ outcome }: Training, fold: number | undefined): { fold: number; model: string; name: string } {
  const { folds, holdout } = outcome?.kind === 'completed' ? outcome.result : { folds: [] };
  const count = folds.length;
  if (fold === undefined && holdout)
    return { fold: count, model: trainingDirectory.holdoutModel, name: 'the model of all before the holdout' };
  if (fold !== undefined && (fold < 1 || fold > count))
    throw new UsageError(`--fold: expected 1 to ${count}, got ${fold}`);
  const chosen = (fold ?? count) - 1;
  return { fold: chosen, model: trainingDirectory.model(chosen), name: `fold ${chosen + 1}` };
}

/** A model is fed by position: other features, or features on another scale, would give numbers without meaning. */
function checkFeatures(record: RunRecord, data: { features: string[]; symbols: string[] }): void {
  const missing = record.features.filter((name) => !data.features.includes(name));
  const surplus = data.features.filter((name) => !record.features.includes(name));
  if (missing.length > 0 || surplus.length > 0)
    throw new UsageError(
      `the model was trained on other features: ${[missing.length > 0 && `missing here: ${missing.join(', ')}`, surplus.length > 0 && `not known to it: ${surplus.join(', ')}`].filter(Boolean).join('; ')}`,
    );
  const acrossSymbols = record.config.normalisation !== 'none';
  if (acrossSymbols && record.symbols.length >= smallestCrossSection !== data.symbols.length >= smallestCrossSection) {
    const side = (count: number) => `${count} ${count === 1 ? 'symbol' : 'symbols'}`;
    process.stderr.write(
      `${pc.yellow('warning:')} features are normalised across symbols from ${smallestCrossSection} symbols on; the model saw ${side(record.symbols.length)}, these data have ${side(data.symbols.length)}\n`,
    );
  }
}

async function writeTable(parquet: string, output: string): Promise<void> {
  if (output.endsWith('.parquet')) return copyFile(parquet, output);
  const db = await Database.open({ threads: 1 });
  try {
    await db.run(
      `COPY (SELECT * FROM read_parquet(${quoteText(parquet)})) TO ${quoteText(output)} (FORMAT csv, HEADER)`,
    );
  } finally {
    db.close();
  }
}
