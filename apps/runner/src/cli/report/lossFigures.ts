import type { Figure } from '@twostage/core/runs/figures';
import { thinIndices } from '@twostage/core/runs/thin';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { foldsWithLosses, type LossLine, trainingLines } from '@twostage/figures/run/lossSeries';
import { scalarCharts, scalarLines } from '@twostage/figures/run/scalarSeries';

/** More steps than these lie on one pixel. */
const shownSteps = 240;
const mostSeries = 12;

/** Losses of the last fold, validation losses of all folds, and what else the family watched in the last. */
export function lossFigures(training: TrainingView, spans: RunView['folds']): Figure[] {
  const nameOf = (fold: number) =>
    spans.find((span) => span.fold === fold)?.holdout ? 'model for the holdout' : `fold ${fold + 1}`;
  const folds = foldsWithLosses([training]);
  const last = folds.at(-1);
  if (last === undefined) return [];
  const byFold = folds.flatMap((fold) =>
    trainingLines(training, fold, fold)
      .filter(({ kind }) => kind === 'validation')
      .map((line) => ({ ...line, label: nameOf(fold).replace(/^./, (letter) => letter.toUpperCase()) })),
  );
  const watched = scalarCharts(scalarLines(training, last)).map((lines) =>
    lossFigure(lines.map(({ label }) => label).join(', '), `By step, ${nameOf(last)}.`, '', lines),
  );
  return [
    lossFigure(
      `Loss, ${nameOf(last)}`,
      'What the family itself minimises, by step.',
      'Loss',
      trainingLines(training, last, 0),
    ),
    ...(folds.length > 1 ? [lossFigure('Validation loss by fold', '', 'Loss', byFold)] : []),
    ...watched,
  ].filter(({ series }) => series.length > 0);
}

function lossFigure(
  title: string,
  help: string,
  yLabel: string,
  lines: readonly LossLine[],
): Extract<Figure, { kind: 'lines' }> {
  return {
    ...{ kind: 'lines', title, help, xLabel: 'Step', yLabel, xKind: 'number', logarithmic: false },
    series: lines
      .filter(({ points }) => points.length > 0)
      .slice(0, mostSeries)
      .map(({ label, points }) => {
        const shown = thinIndices(points.length, shownSteps).map((index) => points[index]!);
        return { name: label, x: shown.map(({ step }) => step), y: shown.map(({ loss }) => loss) };
      }),
  };
}
