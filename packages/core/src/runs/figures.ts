import { z } from 'zod';

/** Points of a series, cells of a side, items of a list: more cannot be told apart on a screen. */
export const maxFigurePoints = 600;
/** A training shows what it is about in at most so many figures. */
export const maxFigures = 12;
/** And how good it was in at most so many more. */
export const maxTearSheetFigures = 16;

const number = z.number().nullable();
const points = z.array(number).max(maxFigurePoints);
const title = {
  title: z.string(),
  /** One sentence for someone who sees such a picture for the first time. */
  help: z.string().default(''),
};
/** Epoch milliseconds and close prices of one symbol, thinned to what a screen can show. */
const priceLine = { symbol: z.string(), times: z.array(z.number()).max(maxFigurePoints), close: points };

/**
 * A picture of what a training learnt, as data. Families make them, the run page draws them: one drawing a kind, none a
 * family. A number that is not defined is null.
 */
export const figureSchema = z.discriminatedUnion('kind', [
  /**
   * Importances, coefficients, weights, largest first; or figures of groups in their own order. Negative values are allowed.
   * `error`: standard error of the value, where it is known.
   */
  z.object({
    kind: z.literal('bars'),
    ...title,
    items: z
      .array(z.object({ label: z.string(), value: z.number(), error: z.number().nonnegative().optional() }))
      .max(maxFigurePoints),
  }),
  /** Series over one axis: steps, bars, levels. `times`: x is epoch milliseconds. */
  z.object({
    kind: z.literal('lines'),
    ...title,
    xLabel: z.string(),
    yLabel: z.string(),
    xKind: z.enum(['number', 'time']).default('number'),
    logarithmic: z.boolean().default(false),
    series: z.array(z.object({ name: z.string(), x: z.array(z.number()).max(maxFigurePoints), y: points })).max(12),
  }),
  /** Forecast of one symbol over its test bars, its interval, and what came. */
  z.object({
    kind: z.literal('interval'),
    ...title,
    symbol: z.string(),
    nominal: z.number(),
    times: z.array(z.number()).max(maxFigurePoints),
    low: points,
    middle: points,
    high: points,
    observed: points,
  }),
  /** Share of outcomes that fell below each forecast quantile; on the diagonal when calibrated. */
  z.object({ kind: z.literal('calibration'), ...title, nominal: points, observed: points }),
  /** Probabilities by bin: what was forecast, how often it came, its standard error, and of how many rows. */
  z.object({
    kind: z.literal('reliability'),
    ...title,
    bins: z
      .array(z.object({ forecast: z.number(), observed: z.number(), error: number, rows: z.number().int() }))
      .max(100),
    baseRate: number,
  }),
  /** Counts between edges; `expected`: the count a bin would have if all was well. */
  z.object({
    kind: z.literal('histogram'),
    ...title,
    xLabel: z.string(),
    edges: z.array(z.number()).max(maxFigurePoints),
    counts: z.array(z.number()).max(maxFigurePoints),
    expected: z.number().nullable().default(null),
  }),
  /** Which regime held when, on the price: `state` indexes `names`; `posteriors` [names][times], each in 0 … 1. */
  z.object({
    kind: z.literal('regimes'),
    ...title,
    ...priceLine,
    names: z.array(z.string()).max(12),
    state: z.array(z.number().int().nullable()).max(maxFigurePoints),
    posteriors: z.array(points).max(12),
  }),
  /** Where the relation broke, on the price: epoch milliseconds, `strength` in 0 … 1 where it is known. */
  z.object({
    kind: z.literal('breaks'),
    ...title,
    ...priceLine,
    breaks: z.array(z.object({ time: z.number(), strength: number })).max(200),
  }),
  /** values [rows][columns]: attention, correlations. */
  z.object({
    kind: z.literal('heatmap'),
    ...title,
    rows: z.array(z.string()).max(120),
    columns: z.array(z.string()).max(120),
    values: z.array(z.array(number).max(120)).max(120),
    /** Least and most that a value can be, where that is known; else what is there decides the colours. */
    range: z.tuple([z.number(), z.number()]).optional(),
  }),
  z.object({
    kind: z.literal('table'),
    ...title,
    columns: z.array(z.string()).max(12),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.null()])).max(12)).max(200),
  }),
]);
export type Figure = z.infer<typeof figureSchema>;
/** As a family writes it: what has a default may be left out. */
export type FigureInput = z.input<typeof figureSchema>;
