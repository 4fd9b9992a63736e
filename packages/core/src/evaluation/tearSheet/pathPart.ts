import type { FigureInput } from '../../runs/figures.ts';
import type { Metrics, PathFigure, PathMetrics } from '../../runs/training.ts';

/** More bars than these cannot be told apart. */
const mostBars = 20;
const histogramBins = 12;

/** The backtest paths of combinatorial cross-validation: their distribution, and each of them. */
export function pathFigures({ shown, ic, netSharpe }: PathMetrics): FigureInput[] {
  const row = (name: string, { mean, standardError, deviation, low, belowZero }: PathFigure) => [
    ...[name, mean, standardError, deviation, low, belowZero],
  ];
  return [
    {
      kind: 'table',
      title: 'Backtest paths',
      help: `Each path judges every block once, by models of other blocks. ± error is how far off these bars may be; between paths is what the choice of training blocks moves. Other figures are of path ${shown + 1}, that of the median IC.`,
      columns: ['Figure', 'Mean', '± error', 'Between paths', '5 % quantile', 'Share below 0'],
      rows: [row('IC', ic), row('Net Sharpe', netSharpe)],
    },
    ...[
      { name: 'IC', figure: ic },
      { name: 'Net Sharpe', figure: netSharpe },
    ].flatMap(({ name, figure }) => drawingOf(name, figure)),
  ];
}

function drawingOf(name: string, { values }: PathFigure): FigureInput[] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [];
  const title = `${name} by path`;
  const help = 'One backtest of the whole calendar each: on how many sides of 0 they lie says how much is luck.';
  if (values.length <= mostBars)
    return [
      {
        ...{ kind: 'bars', title, help },
        items: values.flatMap((value, path) => (value === null ? [] : [{ label: `Path ${path + 1}`, value }])),
      },
    ];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const width = (high - low || 1) / histogramBins;
  const counts = new Array<number>(histogramBins).fill(0);
  for (const value of known) counts[Math.min(histogramBins - 1, Math.floor((value - low) / width))]!++;
  const edges = Array.from({ length: histogramBins + 1 }, (_, i) => low + i * width);
  return [{ kind: 'histogram', title, help, xLabel: name, edges, counts }];
}

/** The holdout's figures beside those of the folds. */
export function holdoutFigure(folds: Metrics, holdout: Omit<Metrics, 'holdout' | 'paths'>): FigureInput {
  const row = (
    name: string,
    of: (
      metrics: Omit<Metrics, 'holdout' | 'paths'>,
    ) => readonly [number | null | undefined, number | null | undefined],
  ) => {
    const [own, held] = [of(folds), of(holdout)];
    return [name, ...own, ...held].map((value) => value ?? null);
  };
  return {
    kind: 'table',
    title: 'Holdout beside the folds',
    help: 'The last bars, which no fold, early stopping or choice has seen, judged by a model of all that precedes them. Within two errors of the folds’ figure it confirms it; it says nothing more once choices have been made by it.',
    columns: ['Figure', 'Folds', '± error', 'Holdout', '± error'],
    rows: [
      row('IC', ({ ic, standardErrors }) => [ic, standardErrors?.ic]),
      row('Rank IC', ({ rankIc, standardErrors }) => [rankIc, standardErrors?.rankIc]),
      row('R²', ({ r2, standardErrors }) => [r2, standardErrors?.r2]),
      row('Hit rate', ({ hitRate, standardErrors }) => [hitRate, standardErrors?.hitRate]),
      row('Net Sharpe', ({ portfolio }) => [portfolio?.netSharpe, portfolio?.netSharpeError]),
      ...(holdout.direction
        ? [
            row('AUC', ({ direction }) => [direction?.auc, direction?.aucError]),
            row('Log loss', ({ direction }) => [direction?.logLoss, direction?.logLossError]),
          ]
        : []),
      ...(holdout.distribution ? [row('CRPS', ({ distribution }) => [distribution?.crps, null])] : []),
    ],
  };
}
