import { type FigureInput, maxFigurePoints } from '@twostage/core/runs/figures';
import { thinIndices } from '@twostage/core/runs/thin';
import { mostTestedSymbol, priceLine, symbolRows } from '../figures/symbolRows.ts';
import type { FigureContext } from '../trainer.ts';
import { nameOf } from './marketState.ts';
import type { RegimeModelData } from './model.ts';

/** Features whose weights are shown by regime. */
const shownFeatures = 30;

/** @param posteriors [bars, regimes] */
export function regimeFigures(data: RegimeModelData, posteriors: Float64Array, context: FigureContext): FigureInput[] {
  const names = regimeNames(data);
  return [
    priceFigure(names, posteriors, context),
    tableFigure(data, names, posteriors, context),
    weightsFigure(data, names),
  ];
}

function regimeNames({ mixture, states }: RegimeModelData): string[] {
  return Array.from({ length: mixture.components }, (_, regime) => {
    const volatility = states.variables.findIndex(({ kind }) => kind === 'volatility');
    if (volatility < 0) return `Regime ${regime + 1}`;
    return `Regime ${regime + 1} (volatility ${naturalMean({ mixture, states }, regime, volatility)})`;
  });
}

/** A state's mean in a regime as a person reads it: volatility and dispersion are logarithms. */
function naturalMean(
  { mixture, states }: Pick<RegimeModelData, 'mixture' | 'states'>,
  regime: number,
  i: number,
): string {
  const value = states.means[i]! + states.deviations[i]! * mixture.means[regime * mixture.dimensions + i]!;
  const { kind } = states.variables[i]!;
  if (kind === 'volatility' || kind === 'dispersion') return `${(100 * Math.exp(value)).toPrecision(2)} %`;
  return (kind === 'spread' ? Math.exp(value) : value).toPrecision(3);
}

function priceFigure(names: string[], posteriors: Float64Array, context: FigureContext): FigureInput {
  const { panel } = context;
  const symbol = mostTestedSymbol(context);
  const rows = symbolRows(context, symbol);
  const shown = thinIndices(rows.length, maxFigurePoints).map((i) => rows[i]!);
  const at = (row: number, regime: number) => posteriors[panel.barOf[row]! * names.length + regime]!;
  const likeliest = (row: number) =>
    names.reduce((best, _, regime) => (at(row, regime) > at(row, best) ? regime : best), 0);
  return {
    kind: 'regimes',
    title: 'Regimes on the price',
    help: 'Which regime was likeliest at each close, from what was known then; training bars and test bars.',
    ...priceLine(context, symbol, shown),
    names,
    state: shown.map(likeliest),
    posteriors: names.map((_, regime) => shown.map((row) => at(row, regime))),
  };
}

function tableFigure(
  data: RegimeModelData,
  names: string[],
  posteriors: Float64Array,
  context: FigureContext,
): FigureInput {
  const { states, mixture, transitions } = data;
  const share = (rows: FigureContext['test'], regime: number) => {
    const bars = new Set(Array.from(rows, (row) => context.panel.barOf[row]!));
    let sum = 0;
    for (const bar of bars) sum += posteriors[bar * names.length + regime]!;
    return bars.size > 0 ? `${((100 * sum) / bars.size).toFixed(0)} %` : null;
  };
  return {
    kind: 'table',
    title: 'What the regimes are',
    help: `Means of the market states over ${states.windowBars === 1 ? 'the bar' : `${states.windowBars} trailing bars`}, how often each regime holds, and how long it lasts.`,
    columns: ['Regime', 'Training bars', 'Test bars', 'Lasts (bars)', ...states.variables.map(nameOf)],
    rows: names.map((_, regime) => [
      `Regime ${regime + 1}`,
      share(context.train, regime),
      share(context.test, regime),
      Number((1 / (1 - transitions[regime * mixture.components + regime]!)).toPrecision(3)),
      ...states.variables.map((_, i) => naturalMean(data, regime, i)),
    ]),
  };
}

function weightsFigure({ features, experts }: RegimeModelData, names: string[]): FigureInput {
  const largest = (k: number) => Math.max(...experts.map(({ weights }) => Math.abs(weights[k]!)));
  const shown = [...features.keys()].sort((a, b) => largest(b) - largest(a)).slice(0, shownFeatures);
  return {
    kind: 'heatmap',
    title: 'Weights by regime',
    help: "Each regime's ridge weights on standardised features, in the target's unit: where the columns differ, the regimes do.",
    rows: shown.map((k) => features[k]!.name),
    columns: names,
    values: shown.map((k) => experts.map(({ weights }) => weights[k]!)),
  };
}
