import { realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { FigureInput } from '@twostage/core/runs/figures';
import { thinIndices } from '@twostage/core/runs/thin';
import { mostTestedSymbol, priceLine, symbolRows } from '../figures/symbolRows.ts';
import type { FigureContext } from '../trainer.ts';
import type { ChangePointData, ChangePointModel } from './model.ts';
import type { Beginning } from './walk.ts';

/** Upper edges of the ages of a segment, in bars. */
const ages = [10, 20, 40, 80, 160, 320, 640, 1280] as const;
const heatmapColumns = 100;
/** An online break is drawn once a new beginning is as likely as this. */
const likely = 0.8;
/** Beginnings within so many bars are one: which day it was exactly is known later, if ever. */
const sameBreakBars = 20;

/** What was believed at the close of a bar. */
interface Belief {
  readonly bar: number;
  readonly beginnings: readonly Beginning[];
}

export function changePointFigures(model: ChangePointModel, context: FigureContext): FigureInput[] {
  const { panel, target, test } = context;
  const walk = model.walk(panel, realisedLabels(panel, target, model.data.labelBars));
  const bars = [...new Set(Array.from(test, (row) => panel.barOf[row]!))];
  const beliefs = bars.map((bar) => {
    walk.advanceTo(bar);
    return { bar, beginnings: walk.beginnings() };
  });
  return [priceFigure(model.data, beliefs, context), ageFigure(beliefs, context), segmentTable(model.data)];
}

function priceFigure({ segments }: ChangePointData, beliefs: readonly Belief[], context: FigureContext): FigureInput {
  const { panel } = context;
  const symbol = mostTestedSymbol(context);
  const rows = symbolRows(context, symbol);
  const shown = thinIndices(rows.length).map((i) => rows[i]!);
  const found = segments.slice(1).map(({ start, strength }) => ({ time: start, strength }));
  const online = onlineBreaks(beliefs).map(({ bar, probability }) => ({
    time: panel.times[Math.min(bar, panel.times.length - 1)]!,
    strength: Math.min(1, probability),
  }));
  return {
    kind: 'breaks',
    title: 'Breaks on the price',
    help: 'When the relation of features and target broke: on the training bars looking back, on the test bars as outcomes came in.',
    ...priceLine(context, symbol, shown),
    breaks: [...found, ...online].sort((a, b) => a.time - b.time).slice(-200),
  };
}

/** Beginnings that became likely within the test bars. */
function onlineBreaks(beliefs: readonly Belief[]): Beginning[] {
  const found: Beginning[] = [];
  const [first] = beliefs;
  if (!first) return found;
  let current = mostLikely(first.beginnings).bar;
  for (const { beginnings } of beliefs) {
    const { bar } = mostLikely(beginnings);
    if (bar <= current + sameBreakBars) continue;
    const near = beginnings.filter((each) => Math.abs(each.bar - bar) <= sameBreakBars);
    const probability = near.reduce((sum, each) => sum + each.probability, 0);
    if (probability < likely) continue;
    found.push({ bar, probability });
    current = bar;
  }
  return found;
}

const mostLikely = (beginnings: readonly Beginning[]): Beginning =>
  beginnings.reduce((best, each) => (each.probability > best.probability ? each : best));

function ageFigure(beliefs: readonly Belief[], { panel }: FigureContext): FigureInput {
  const shown = thinIndices(beliefs.length, heatmapColumns).map((i) => beliefs[i]!);
  const names = [...ages.map((age, i) => `${i === 0 ? 0 : ages[i - 1]}–${age}`), `${ages.at(-1)} and more`];
  const shares = shown.map(({ bar, beginnings }) => {
    const column = new Array<number>(names.length).fill(0);
    for (const { bar: start, probability } of beginnings) {
      const place = ages.findIndex((age) => bar - start < age);
      column[place < 0 ? ages.length : place]! += probability;
    }
    return column;
  });
  return {
    kind: 'heatmap',
    title: 'Age of the current segment',
    help: 'How likely it was, at each test bar, that the relation had held for so many bars (the posterior of the run length). The probability falls to the top when a break is noticed.',
    rows: names,
    columns: shown.map(({ bar }) => new Date(panel.times[bar]!).toISOString().slice(0, 10)),
    values: names.map((_, place) => shares.map((column) => column[place]!)),
  };
}

function segmentTable({ segments, pooled, features }: ChangePointData): FigureInput {
  return {
    kind: 'table',
    title: 'Segments of the training bars',
    help: 'How alike a segment’s weights are to those of all training bars together: 1 the same, 0 unrelated, −1 the opposite.',
    columns: ['Begins', 'Bars', 'Sureness of the break', 'Like all together', 'Largest weight'],
    rows: segments.slice(-200).map(({ start, bars, strength, fit }, i) => {
      const largest = fit.weights.reduce(
        (best, weight, k) => (Math.abs(weight) > Math.abs(fit.weights[best]!) ? k : best),
        0,
      );
      return [
        new Date(start).toISOString().slice(0, 10),
        bars,
        i === 0 ? null : Number(strength.toFixed(2)),
        cosine(fit.weights, pooled.weights),
        features[largest]?.name ?? null,
      ];
    }),
  };
}

function cosine(a: readonly number[], b: readonly number[]): number | null {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, k) => sum + value * y[k]!, 0);
  const length = Math.sqrt(dot(a, a) * dot(b, b));
  return length > 0 ? Number((dot(a, b) / length).toFixed(2)) : null;
}
