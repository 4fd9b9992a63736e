import { hostname } from 'node:os';
import path from 'node:path';
import type { RunConfig } from '@twostage/core/runs/config';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { listSymbols } from '@twostage/data/openSource';
import { listed } from '@twostage/data/symbolNames';
import pc from 'picocolors';
import { resultOf } from '../orchestrator/leaderboard.ts';
import { planJobs } from '../orchestrator/planJobs.ts';
import { checkConfig, isPlanned } from '../orchestrator/planRun.ts';
import { FileEventLog } from './fileEventLog.ts';
import { onInterrupt } from './interrupt.ts';
import { jobLines } from './jobTable.ts';
import { defaultOutputDirectory, openOutputDirectory } from './outputDirectory.ts';
import { readReportedRun } from './report/readRun.ts';
import { checkReportFile, writeReport } from './report/writeReport.ts';
import { jsonReporter, lineReporter, type Reporter, terminalReporter } from './reporter.ts';
import { resolveRunConfig, type TrainFlags } from './runConfig.ts';
import { selectionLines } from './selectionLines.ts';
import { leaderboardTable } from './tables.ts';
import { duration, printError, shownPath, write } from './terminal.ts';
import { chooseTrainingPlan, type TrainingPlanFlags, trainingPlanLine } from './trainingPlan.ts';
import { closest, exitCodes, UsageError } from './usage.ts';

export interface TrainCommandFlags extends Omit<TrainFlags, 'trainingPlan'>, TrainingPlanFlags {
  readonly outputDir?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  /** Where, or where it usually lies. */
  readonly report?: string | true;
}

/**
 * `twostage train`: one run in this process, its record in the output folder. Bad input leaves nothing behind.
 * @returns the exit code
 * @throws UsageError, DomainError
 */
export async function train(flags: TrainCommandFlags): Promise<number> {
  const outputDir = flags.outputDir ?? defaultOutputDirectory(new Date());
  const chosen = await chooseTrainingPlan(outputDir, flags);
  const config = await resolveRunConfig(flags, chosen);
  checkConfig(config);
  await checkSymbols(config);
  await checkPlan(config);
  if (config.plan && !flags.json) write(trainingPlanLine(config.plan, chosen));
  // DuckDB comes with it: what was typed is checked before.
  const { executeRun } = await import('../orchestrator/executeRun.ts');
  const reportFile = flags.report === true ? path.join(outputDir, runDirectory.report) : flags.report;
  if (flags.report !== true && reportFile !== undefined) await checkReportFile(reportFile, '--report');
  const output = await openOutputDirectory(outputDir, flags.overwrite ?? false);
  const runId = path.basename(output.path);
  const reporter = chooseReporter(flags.json ?? false, shownPath(path.join(output.path, runDirectory.quality)));
  const log = await FileEventLog.create(output.path, runId, (logged) => {
    reporter.event(logged, log.view);
  });
  const interrupt = onInterrupt(() => {
    if (!flags.json) process.stderr.write(pc.yellow('\nstopping; press Ctrl-C again to end at once\n'));
  });
  try {
    await log.append([{ kind: 'run.stateChanged', state: 'queued', reason: null, runner: null }]);
    await executeRun({
      runId,
      config,
      runDir: output.path,
      sink: log,
      view: log.view,
      signal: interrupt.signal,
      runner: hostname(),
    });
  } finally {
    interrupt.end();
    reporter.end();
    await log.close();
    // Without a plan nothing was trained: bad input, or interrupted before it began.
    await (log.view.trainings.size === 0 ? output.undo() : output.commit());
  }
  const exitCode = conclude(config, log.view, output.path, flags.json ?? false);
  if (reportFile !== undefined && log.view.trainings.size > 0) {
    const line = await writeReport(await readReportedRun(output.path), reportFile, '--report');
    if (!flags.json) write(line);
  }
  return exitCode;
}

/** Before anything is made: the commonest slip. What else may be wrong with the data is found while it is read. */
export async function checkSymbols({ dataDir, symbols }: Pick<RunConfig, 'dataDir' | 'symbols'>): Promise<void> {
  if (symbols.length === 0) return;
  const known = await listSymbols(dataDir, symbols);
  const unknown = symbols.find((symbol) => !known.includes(symbol));
  if (unknown === undefined) return;
  const near = closest(unknown, known);
  throw new UsageError(
    `--symbols: no symbol "${unknown}" in ${shownPath(dataDir)}${near ? `; did you mean ${near}?` : '.'} There are: ${listed(known)}`,
  );
}

/** Before anything is made: whether the plan speaks of symbols that there are, and leaves something to train. */
async function checkPlan(config: RunConfig): Promise<void> {
  if (!isPlanned(config)) return;
  const known = await listSymbols(config.dataDir, []);
  planJobs(config, config.symbols.length > 0 ? config.symbols : known, known);
}

function chooseReporter(json: boolean, qualityFile: string): Reporter {
  if (json) return jsonReporter();
  return process.stdout.isTTY ? terminalReporter(qualityFile, process.stdout) : lineReporter(qualityFile);
}

function conclude({ plan }: RunConfig, view: RunView, outputDir: string, json: boolean): number {
  const cancelled = view.state === 'cancelled';
  if (view.trainings.size === 0) {
    if (cancelled) return exitCodes.interrupted;
    printError(view.reason ?? 'the run failed');
    return exitCodes.badUsage;
  }
  if (!json) {
    for (const line of endLines(view, plan, outputDir)) write(line);
    if (view.state === 'failed') printError(view.reason ?? 'no training completed');
  }
  if (cancelled) return exitCodes.interrupted;
  return view.state === 'completed' ? exitCodes.ok : exitCodes.someFailed;
}

function endLines(view: RunView, plan: RunConfig['plan'], outputDir: string): string[] {
  const trainings = [...view.trainings.values()];
  const completed = trainings.filter(({ state }) => state === 'completed');
  const took = view.startedAt === null || view.endedAt === null ? null : view.endedAt - view.startedAt;
  const colour = view.state === 'completed' ? pc.green : view.state === 'partial' ? pc.yellow : pc.red;
  const overTime = completed.some((training) => resultOf(training)?.metrics.icKind === 'timeSeries');
  return [
    '',
    leaderboardTable(trainings),
    '',
    ...(plan ? jobLines(plan, view) : []),
    ...selectionLines(view),
    pc.dim(
      'Best validation losses are averaged over the folds; for families that predict a point, mean squared errors of the target, for those that learn a probability log losses.',
    ),
    ...judgedLines(completed),
    ...(overTime ? [pc.dim('IC and Rank IC of a model of one symbol are correlations over time.')] : []),
    `${colour(view.state)}: ${completed.length} of ${trainings.length} trainings${took === null ? '' : ` in ${duration(took)}`}; results in ${shownPath(outputDir)}`,
  ];
}

/** What the columns of a direction, of backtest paths and of a holdout say. */
function judgedLines(completed: readonly TrainingView[]): string[] {
  const metrics = completed.flatMap((training) => resultOf(training)?.metrics ?? []);
  const lines = [
    metrics.some(({ direction }) => direction) &&
      'Log loss: of the probability given to what came, lower is better; beside it that of always saying the training rows’ share of rises.',
    metrics.some(({ paths }) => paths) &&
      'Paths: mean over the backtest paths ± the error of their bars, and how many of them lie below 0; the other figures are of the path of the median IC.',
    metrics.some(({ holdout }) => holdout) &&
      'Holdout: the last bars, judged once by a model of all that precedes; trainings are not ranked by it.',
  ];
  return lines.flatMap((line) => (line ? [pc.dim(line)] : []));
}
