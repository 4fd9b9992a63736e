import pc from 'picocolors';
import { findRunFolders, type RunFolder } from './runFolders.ts';
import { table } from './tables.ts';
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
        ['run', 'state', 'started', 'took', 'symbols', 'targets', 'trainings', 'best IC', ''].map((title) => ({
          title,
        })),
        runs.map(rowOf),
      ),
    );
  for (const directory of unreadable) write(pc.dim(`${directory}: its run.json cannot be read by this version`));
  return exitCodes.ok;
}

function rowOf({ directory, record }: RunFolder): string[] {
  const { startedAt, endedAt, trainings } = record;
  const completed = trainings.filter(({ state }) => state === 'completed');
  const best = completed
    .map(({ spec, outcome }) => ({ spec, ic: outcome?.kind === 'completed' ? outcome.result.metrics.ic : null }))
    .filter((training) => training.ic !== null)
    .sort((a, b) => b.ic! - a.ic!)[0];
  return [
    shownPath(directory),
    record.state,
    startedAt?.slice(0, 16).replace('T', ' ') ?? '',
    startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : '',
    String(record.symbols.length),
    record.config.targets.join(' '),
    `${completed.length}/${trainings.length}`,
    figure(best?.ic),
    best?.spec.family ?? '',
  ];
}
