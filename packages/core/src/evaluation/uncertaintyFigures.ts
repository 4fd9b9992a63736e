import type { Panel, RowIndices } from '../panel/panel.ts';
import type { FigureInput } from '../runs/figures.ts';
import { thin } from '../runs/thin.ts';
import { nearestPair, quantilesOf, scoredRows, scoreUncertainty } from './scoreUncertainty.ts';
import type { Uncertainty } from './uncertainty.ts';

export interface UncertaintyFiguresInput {
  readonly panel: Panel;
  /** [panel.rows], what came; NaN = not known. */
  readonly target: Float64Array;
  /** Rows forecast, in time order. */
  readonly rows: RowIndices;
  /** [rows], point forecasts; NaN = none. */
  readonly values: Float64Array;
  readonly uncertainty: Uncertainty;
  /** Share of the outcomes that the drawn interval should hold. */
  readonly nominal?: number;
}

/** An interval is read bar by bar: more of them than this are a smear. */
const intervalPoints = 300;
/** Where the calibration of forecasts that know every quantile is looked at. */
const calibrationLevels = [0.02, ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.98];

/**
 * Uncertain forecasts of one test block, drawn: the interval of one symbol over time with what came, the calibration of
 * the quantiles, and the PIT histogram where there is one. Empty without a row whose outcome and forecast are known.
 * @throws DomainError SHAPE_MISMATCH
 */
export function uncertaintyFigures(input: UncertaintyFiguresInput): FigureInput[] {
  const { target, rows, values, uncertainty, nominal = 0.8 } = input;
  const outcomes = Float64Array.from(rows, (row) => target[row]!);
  const scored = scoredRows(outcomes, values, uncertainty);
  if (scored.length === 0) return [];
  const width = uncertainty.kind === 'quantiles' ? nearestPair(uncertainty.levels, nominal) : nominal;
  const { pit } = scoreUncertainty({ target: outcomes, values, uncertainty, nominal });
  return [
    ...(width === null ? [] : [intervalFigure(input, width)]),
    calibrationFigure(outcomes, scored, values, uncertainty),
    ...(pit === null ? [] : [pitFigure(pit, scored.length)]),
  ];
}

function intervalFigure({ panel, target, rows, values, uncertainty }: UncertaintyFiguresInput, nominal: number) {
  const levels = [(1 - nominal) / 2, (1 + nominal) / 2];
  const ends = quantilesOf(values, uncertainty, levels);
  const symbol = mostForecast(panel, rows, values);
  const places = Array.from(rows.keys()).filter((i) => panel.symbolOf[rows[i]!] === symbol);
  const { axis, columns } = thin(
    places.map((i) => panel.times[panel.barOf[rows[i]!]!]!),
    [
      places.map((i) => ends[2 * i]!),
      places.map((i) => values[i]!),
      places.map((i) => ends[2 * i + 1]!),
      places.map((i) => target[rows[i]!]!),
    ],
    intervalPoints,
  );
  const percent = Math.round(100 * nominal);
  return {
    kind: 'interval',
    title: `${percent} % interval on the test bars`,
    help: `The band should hold ${percent} of 100 outcomes: too many outside it and the model is too sure of itself.`,
    symbol: panel.symbols[symbol]!,
    nominal,
    times: axis,
    low: columns[0]!,
    middle: columns[1]!,
    high: columns[2]!,
    observed: columns[3]!,
  } satisfies FigureInput;
}

/** The symbol with the most forecasts, the first of equals. */
function mostForecast(panel: Panel, rows: RowIndices, values: Float64Array): number {
  const counts = new Uint32Array(panel.symbols.length);
  rows.forEach((row, i) => {
    if (Number.isFinite(values[i]!)) counts[panel.symbolOf[row]!]!++;
  });
  return counts.indexOf(Math.max(...counts));
}

function calibrationFigure(
  outcomes: Float64Array,
  scored: Uint32Array,
  values: Float64Array,
  uncertainty: Uncertainty,
): FigureInput {
  const levels = uncertainty.kind === 'quantiles' ? uncertainty.levels : calibrationLevels;
  const quantiles = quantilesOf(values, uncertainty, levels);
  const observed = levels.map((_, j) => {
    let below = 0;
    for (const row of scored) if (outcomes[row]! <= quantiles[row * levels.length + j]!) below++;
    return below / scored.length;
  });
  return {
    kind: 'calibration',
    title: 'Calibration of the quantiles',
    help: 'Share of outcomes at or below each forecast quantile: on the diagonal when the probabilities are honest.',
    nominal: [...levels],
    observed,
  };
}

function pitFigure(pit: readonly number[], count: number): FigureInput {
  return {
    kind: 'histogram',
    title: 'Where the outcomes fell in their forecast distribution',
    help: 'Probability integral transform: flat when calibrated; a hump means too wide, a bowl too narrow, a slope biased.',
    xLabel: 'Forecast probability of less',
    edges: Array.from({ length: pit.length + 1 }, (_, i) => i / pit.length),
    counts: pit.map((share) => share * count),
    expected: count / pit.length,
  };
}
