import type { FigureInput } from '@twostage/core/runs/figures';
import type { FigureContext } from '../trainer.ts';
import type { MetaModel } from './model.ts';

const shownSymbols = 60;
const shownFeatures = 30;

export async function metaFigures(model: MetaModel, context: FigureContext): Promise<FigureInput[]> {
  return [await gainFigure(model, context), pathFigure(model), slopesFigure(model)];
}

/** What adaptation did for each symbol on bars that it never saw. */
async function gainFigure(model: MetaModel, context: FigureContext): Promise<FigureInput> {
  const { panel, test, target } = context;
  const before = model.predictFromStart({ panel, rows: test });
  const { values: after } = await model.predict({ ...context, rows: test });
  const squares = panel.symbols.map(() => ({ before: 0, after: 0 }));
  test.forEach((row, i) => {
    const sums = squares[panel.symbolOf[row]!]!;
    if (!Number.isFinite(target[row]!)) return;
    sums.before += (before[i]! - target[row]!) ** 2;
    sums.after += (after[i]! - target[row]!) ** 2;
  });
  return {
    kind: 'bars',
    title: 'Gain by adaptation (%)',
    help: 'How much lower the squared error on the test bars is with the network adapted to the symbol than with the common starting point.',
    items: panel.symbols
      .map((label, symbol) => ({ label, value: 100 * (1 - squares[symbol]!.after / squares[symbol]!.before) }))
      .filter(({ value }) => Number.isFinite(value))
      .sort((a, b) => b.value - a.value)
      .slice(0, shownSymbols),
  };
}

function pathFigure({ state: { path, steps } }: MetaModel): FigureInput {
  const curve = (name: string, losses: readonly number[]) => ({
    name,
    x: [...path.steps],
    y: losses.map((loss) => loss * path.unit),
  });
  const judged = path.validation.length > 0 ? [curve('validation block', path.validation)] : [];
  return {
    kind: 'lines',
    title: 'Loss by adaptation steps',
    help: `The inner loop, over all symbols: before adaptation at 0, and after more and more steps on each symbol's last training rows. Kept: ${steps}.`,
    xLabel: 'Adaptation steps',
    yLabel: 'Mean squared error',
    series: [curve('support', path.support), ...judged],
  };
}

function slopesFigure({ network, state }: MetaModel): FigureInput {
  const { adapted, start, standardisation } = state;
  const common = network.slopes(start);
  const slopes = adapted.slice(0, shownSymbols).map(({ parameters }) => network.slopes(parameters));
  const spread = (k: number) =>
    Math.max(...slopes.map((slope) => Math.abs(slope[k]! - common[k]!)), Math.abs(common[k]!));
  const shown = [...common.keys()].sort((a, b) => spread(b) - spread(a)).slice(0, shownFeatures);
  return {
    kind: 'heatmap',
    title: 'What each symbol listens to',
    help: 'How the standardised forecast moves with each standardised feature: for the common starting point, and for each symbol after adaptation.',
    rows: shown.map((k) => standardisation.featureNames[k]!),
    columns: ['start', ...adapted.slice(0, shownSymbols).map(({ symbol }) => symbol)],
    values: shown.map((k) => [common[k]!, ...slopes.map((slope) => slope[k]!)]),
  };
}
