import { stageIds } from '@twostage/core/families/family';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import pc from 'picocolors';
import { shorten, table } from './tables.ts';
import { bytes, duration, figure } from './terminal.ts';

const barCells = 16;
/** Columns that change keep their width, so that the table stands still. */
const widest = 'predicting'.length;

/**
 * The live picture of a run. Pure.
 * @param size columns and rows of the terminal: narrow ones lose columns, short ones lose the trainings that wait
 */
export function progressTable(view: RunView, nowMs: number, size: { columns: number; rows: number }): string {
  if (view.trainings.size === 0)
    return pc.dim(view.state === 'preparing' ? 'preparing the dataset …' : `${view.state} …`);
  const wide = size.columns >= 110;
  const shown = chooseRows([...view.trainings.values()], Math.max(4, size.rows - 6));
  const severalTargets = new Set([...view.trainings.values()].map(({ spec }) => spec.target)).size > 1;
  const rows = shown.map((training) => {
    const { spec, progress } = training;
    const name = severalTargets ? `${spec.family} ${spec.target}` : spec.family;
    const running = training.state === 'running';
    const elapsed =
      running && training.startedAt ? nowMs - training.startedAt : training.seconds && training.seconds * 1000;
    const folds = progress?.folds ?? view.folds.length;
    return [
      spec.stage,
      shorten(name, 40),
      stateText(training),
      `${bar(shareDone(training))} ${training.folds.length}/${folds}`,
      running && progress?.totalSteps ? `${progress.step}/${progress.totalSteps}`.padStart(9) : ' '.repeat(9),
      figure(bestLoss(training), 5),
      figure(icOf(training)),
      duration(elapsed || null),
      running ? duration(progress?.etaMs ?? null) : '',
      ...(wide ? [bytes(running ? (progress?.rssBytes ?? null) : training.peakRssBytes)] : []),
    ];
  });
  const head = ['stage', 'training', 'state', 'folds', 'step', 'best val loss', 'IC', 'time', 'left'];
  const titles = [...head, ...(wide ? ['memory'] : [])].map((title) => ({ title }));
  const hidden = view.trainings.size - shown.length;
  const more = hidden > 0 ? `\n${pc.dim(`… and ${hidden} more`)}` : '';
  return `${table(titles, rows)}${more}\n${pc.dim(footer(view, nowMs))}`;
}

function footer(view: RunView, nowMs: number): string {
  const all = [...view.trainings.values()];
  const ended = all.filter((training) => training.endedAt !== null).length;
  const stage = stageIds.find((id) => view.stages[id].state === 'running');
  const elapsed = view.startedAt === null ? '' : ` · ${duration(nowMs - view.startedAt)}`;
  return `${ended} of ${all.length} trainings done${stage ? ` · stage ${stage}` : ''}${elapsed}`;
}

/** Running ones first to stay, then the last that ended, then the next that wait; drawn in running order. */
function chooseRows(trainings: TrainingView[], most: number): TrainingView[] {
  if (trainings.length <= most) return trainings;
  const rank = ({ state, endedAt }: TrainingView) => (state === 'running' ? 0 : endedAt !== null ? 1 : 2);
  const order = trainings.map((training, index) => ({ training, index }));
  const kept = [...order].sort(
    (a, b) =>
      rank(a.training) - rank(b.training) || (b.training.endedAt ?? 0) - (a.training.endedAt ?? 0) || a.index - b.index,
  );
  const chosen = new Set(kept.slice(0, most).map(({ index }) => index));
  return order.filter(({ index }) => chosen.has(index)).map(({ training }) => training);
}

function stateText({ state, progress }: TrainingView): string {
  switch (state) {
    case 'running':
      return pc.cyan((progress && progress.phase !== 'training' ? progress.phase : 'training').padEnd(widest));
    case 'completed':
      return pc.green('completed'.padEnd(widest));
    case 'pending':
      return pc.dim('waiting'.padEnd(widest));
    default:
      return pc.red(state.padEnd(widest));
  }
}

/** Folds and steps done, 0 to 1. */
export function shareDone({ state, progress, folds }: TrainingView): number {
  if (state === 'completed') return 1;
  if (!progress) return 0;
  const step = progress.totalSteps > 0 ? progress.step / progress.totalSteps : 0;
  const within = folds.length > progress.fold ? 0 : progress.phase === 'training' ? step : 0;
  return Math.min(1, (folds.length + within) / progress.folds);
}

const bar = (share: number): string => {
  const full = Math.round(share * barCells);
  return pc.cyan('━'.repeat(full)) + pc.dim('━'.repeat(barCells - full));
};

function bestLoss({ progress, folds }: TrainingView): number | null {
  return progress?.bestValidationLoss ?? folds.at(-1)?.bestValidationLoss ?? null;
}

/** Of the whole, or of the folds so far. */
function icOf({ outcome, folds }: TrainingView): number | null {
  if (outcome?.kind === 'completed') return outcome.result.metrics.ic;
  const known = folds.map(({ metrics }) => metrics.ic).filter((ic) => ic !== null);
  return known.length > 0 ? known.reduce((sum, ic) => sum + ic, 0) / known.length : null;
}
