import { hostname } from 'node:os';
import path from 'node:path';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunView } from '@twostage/core/runs/view';
import { listSymbols } from '@twostage/data/openSource';
import { listed } from '@twostage/data/symbolNames';
import pc from 'picocolors';
import { resultOf } from '../orchestrator/leaderboard.ts';
import { checkConfig } from '../orchestrator/planRun.ts';
import { FileEventLog } from './fileEventLog.ts';
import { onInterrupt } from './interrupt.ts';
import { defaultOutputDirectory, openOutputDirectory } from './outputDirectory.ts';
import { jsonReporter, lineReporter, type Reporter, terminalReporter } from './reporter.ts';
import { resolveRunConfig, type TrainFlags } from './runConfig.ts';
import { selectionLines } from './selectionLines.ts';
import { leaderboardTable } from './tables.ts';
import { duration, printError, shownPath, write } from './terminal.ts';
import { refuseTrainingPlan } from './trainingPlan.ts';
import { closest, exitCodes, UsageError } from './usage.ts';

export interface TrainCommandFlags extends TrainFlags {
  readonly outputDir?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly trainingPlan: boolean;
  readonly trainingPlanDir?: string;
}

/**
 * `twostage train`: one run in this process, its record in the output folder. Bad input leaves nothing behind.
 * @returns the exit code
 * @throws UsageError, DomainError
 */
export async function train(flags: TrainCommandFlags): Promise<number> {
  const config = await resolveRunConfig(flags);
  checkConfig(config);
  await checkSymbols(config);
  const outputDir = flags.outputDir ?? defaultOutputDirectory(new Date());
  refuseTrainingPlan(outputDir, flags);
  // DuckDB comes with it: what was typed is checked before.
  const { executeRun } = await import('../orchestrator/executeRun.ts');
  const output = await openOutputDirectory(outputDir, flags.overwrite ?? false);
  const runId = path.basename(output.path);
  const reporter = chooseReporter(flags.json ?? false);
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
  return conclude(log.view, output.path, flags.json ?? false);
}

/** Before anything is made: the commonest slip. What else may be wrong with the data is found while it is read. */
async function checkSymbols({ dataDir, symbols }: RunConfig): Promise<void> {
  if (symbols.length === 0) return;
  const known = await listSymbols(dataDir, symbols);
  const unknown = symbols.find((symbol) => !known.includes(symbol));
  if (unknown === undefined) return;
  const near = closest(unknown, known);
  throw new UsageError(
    `--symbols: no symbol "${unknown}" in ${shownPath(dataDir)}${near ? `; did you mean ${near}?` : '.'} There are: ${listed(known)}`,
  );
}

function chooseReporter(json: boolean): Reporter {
  if (json) return jsonReporter();
  return process.stdout.isTTY ? terminalReporter(process.stdout) : lineReporter();
}

function conclude(view: RunView, outputDir: string, json: boolean): number {
  const cancelled = view.state === 'cancelled';
  if (view.trainings.size === 0) {
    if (cancelled) return exitCodes.interrupted;
    printError(view.reason ?? 'the run failed');
    return exitCodes.badUsage;
  }
  if (!json) {
    for (const line of endLines(view, outputDir)) write(line);
    if (view.state === 'failed') printError(view.reason ?? 'no training completed');
  }
  if (cancelled) return exitCodes.interrupted;
  return view.state === 'completed' ? exitCodes.ok : exitCodes.someFailed;
}

function endLines(view: RunView, outputDir: string): string[] {
  const trainings = [...view.trainings.values()];
  const completed = trainings.filter(({ state }) => state === 'completed');
  const took = view.startedAt === null || view.endedAt === null ? null : view.endedAt - view.startedAt;
  const colour = view.state === 'completed' ? pc.green : view.state === 'partial' ? pc.yellow : pc.red;
  const overTime = completed.some((training) => resultOf(training)?.metrics.icKind === 'timeSeries');
  return [
    '',
    leaderboardTable(trainings),
    '',
    ...selectionLines(view),
    pc.dim(
      'Best validation losses are averaged over the folds; for families that predict a point, mean squared errors of the target.',
    ),
    ...(overTime ? [pc.dim('IC and Rank IC of a model of one symbol are correlations over time.')] : []),
    `${colour(view.state)}: ${completed.length} of ${trainings.length} trainings${took === null ? '' : ` in ${duration(took)}`}; results in ${shownPath(outputDir)}`,
  ];
}
