import pc from 'picocolors';
import { findRunFolders, type RunFolder } from './runFolders.ts';
import { table, withError } from './tables.ts';
import { duration, figure, shownPath, write } from './terminal.ts';
import { exitCodes } from './usage.ts';

/** `twostage runs [DIR]` */
export async function listRuns(root: string, flags: { json?: boolean }): Promise<number> {
  const { runs, unreadable } = await findRunFolders(root);
  if (flags.json) {
    for (const { directory, record } of runs) write(JSON.stringify({ directory, ...record }));
    return exitCodes.ok;
  }
  if (runs.length === 0) write(`no runs under ${root}`);
  else
    write(
      table(
        columns.map((title) => ({ title })),
        runs.map(rowOf),
      ),
    );
  for (const directory of unreadable) write(pc.dim(`${directory}: its run.json cannot be read by this version`));
  return exitCodes.ok;
}

const columns = [
  ...['run', 'state', 'started', 'took', 'symbols', 'targets', 'trainings'],
  ...['best IC', '', 'net Sharpe', 'holdout IC'],
];

/** Net Sharpe ratio and holdout are those of the training with the best IC: nothing is chosen by them. */
function rowOf({ directory, record }: RunFolder): string[] {
  const { startedAt, endedAt, trainings } = record;
  const completed = trainings.filter(({ state }) => state === 'completed');
  const best = completed
    .flatMap(({ spec, outcome }) => (outcome?.kind === 'completed' ? { spec, metrics: outcome.result.metrics } : []))
    .filter(({ metrics }) => metrics.ic !== null)
    .sort((a, b) => b.metrics.ic! - a.metrics.ic!)[0];
  const { portfolio, holdout, ic } = best?.metrics ?? {};
  return [
    shownPath(directory),
    record.state,
    startedAt?.slice(0, 16).replace('T', ' ') ?? '',
    startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : '',
    String(record.symbols.length),
    record.config.targets.join(' '),
    `${completed.length}/${trainings.length}`,
    figure(ic),
    best?.spec.family ?? '',
    withError(portfolio?.netSharpe, portfolio?.netSharpeError),
    withError(holdout?.ic, holdout?.standardErrors?.ic, 4),
  ];
}
