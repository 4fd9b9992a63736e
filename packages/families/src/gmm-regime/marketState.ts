import type { Panel } from '@twostage/core/panel/panel';
import { z } from 'zod';

/** Standardised states beyond so many deviations are cut. */
const clip = 5;
/** Bars whose market returns say how large one is, for the trend. */
const usualBars = 60;

/**
 * One number a bar about the market as a whole, over trailing windows that end at the bar's close:
 * volatility: log of the root mean square return of all symbols; dispersion: log of the standard deviation of returns across
 * symbols; trend: the market's return in units of its usual one; level, spread: mean and log standard deviation of a feature across symbols.
 */
export const stateVariableSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('volatility') }),
  z.object({ kind: z.literal('dispersion') }),
  z.object({ kind: z.literal('trend') }),
  z.object({ kind: z.literal('level'), feature: z.string() }),
  z.object({ kind: z.literal('spread'), feature: z.string() }),
]);
export type StateVariable = z.infer<typeof stateVariableSchema>;

export const stateRecipeSchema = z.object({
  windowBars: z.number().int(),
  variables: z.array(stateVariableSchema),
  /** [variables], over the training bars. */
  means: z.array(z.number()),
  deviations: z.array(z.number()),
});
/** How a bar's state is made; a state is standardised over the training bars. */
export type StateRecipe = z.infer<typeof stateRecipeSchema>;

export const nameOf = (variable: StateVariable): string =>
  'feature' in variable ? `${variable.kind} of ${variable.feature}` : variable.kind;

/** What states are made of, by bar; nothing of a bar rests on a later one. */
export class MarketSeries {
  readonly #panel: Panel;
  /** [bars], of the returns since each symbol's bar before. */
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  constructor(panel: Panel) {
    this.#panel = panel;
    const bars = panel.times.length;
    this.#counts = new Float64Array(bars);
    this.#sums = new Float64Array(bars);
    this.#squares = new Float64Array(bars);
    for (let row = 1; row < panel.rows; row++) {
      if (panel.symbolOf[row] !== panel.symbolOf[row - 1]) continue;
      const change = Math.log(panel.close[row]! / panel.close[row - 1]!);
      if (!Number.isFinite(change)) continue;
      const bar = panel.barOf[row]!;
      this.#counts[bar]!++;
      this.#sums[bar]! += change;
      this.#squares[bar]! += change * change;
    }
  }

  /** @returns [bars]; NaN where it is not known */
  values(variable: StateVariable, windowBars: number): Float64Array {
    const [n, sum, squares] = [this.#counts, this.#sums, this.#squares];
    const halfLog = (value: number) => (value > 0 ? 0.5 * Math.log(value) : Number.NaN);
    switch (variable.kind) {
      case 'volatility':
        return ratio(trailing(squares, windowBars), trailing(n, windowBars), halfLog);
      case 'dispersion': {
        const around = squares.map((value, bar) => (n[bar]! > 1 ? value - sum[bar]! ** 2 / n[bar]! : 0));
        const freedom = n.map((count) => Math.max(0, count - 1));
        return ratio(trailing(around, windowBars), trailing(freedom, windowBars), halfLog);
      }
      case 'trend': {
        const market = sum.map((value, bar) => (n[bar]! > 0 ? value / n[bar]! : 0));
        const moved = trailing(market, windowBars);
        const seen = n.map((count) => (count > 0 ? 1 : 0));
        const usual = ratio(
          trailing(
            market.map((value) => value ** 2),
            usualBars,
          ),
          trailing(seen, usualBars),
          Math.sqrt,
        );
        return moved.map((value, bar) =>
          usual[bar]! > 0 ? value / (usual[bar]! * Math.sqrt(windowBars)) : Number.NaN,
        );
      }
      case 'level':
      case 'spread':
        return this.#ofFeature(variable, windowBars);
    }
  }

  #ofFeature({ kind, feature }: Extract<StateVariable, { feature: string }>, windowBars: number): Float64Array {
    const { featureNames, features, rows, barOf, times } = this.#panel;
    const column = featureNames.indexOf(feature) * rows;
    const [counts, sums, squares] = [0, 1, 2].map(() => new Float64Array(times.length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let row = 0; row < rows; row++) {
      const value = features[column + row]!;
      if (!Number.isFinite(value)) continue;
      counts[barOf[row]!]!++;
      sums[barOf[row]!]! += value;
    }
    const means = ratio(sums, counts, (value) => value);
    if (kind === 'level') {
      const known = means.map((value) => (Number.isNaN(value) ? 0 : value));
      const present = counts.map((count) => (count > 0 ? 1 : 0));
      return ratio(trailing(known, windowBars), trailing(present, windowBars), (value) => value);
    }
    for (let row = 0; row < rows; row++) {
      const value = features[column + row]!;
      if (Number.isFinite(value)) squares[barOf[row]!]! += (value - means[barOf[row]!]!) ** 2;
    }
    const freedom = counts.map((count) => Math.max(0, count - 1));
    return ratio(trailing(squares, windowBars), trailing(freedom, windowBars), (value) =>
      value > 1e-12 ? 0.5 * Math.log(value) : Number.NaN,
    );
  }

  /** Standardised states. @returns [bars, variables]; where one is not known it stays as it was, at first the training mean */
  states({ variables, windowBars, means, deviations }: StateRecipe): Float64Array {
    const bars = this.#panel.times.length;
    const width = variables.length;
    const result = new Float64Array(bars * width);
    variables.forEach((variable, i) => {
      const values = this.values(variable, windowBars);
      let last = 0;
      for (let bar = 0; bar < bars; bar++) {
        const value = (values[bar]! - means[i]!) / deviations[i]!;
        if (!Number.isNaN(value)) last = Math.max(-clip, Math.min(clip, value));
        result[bar * width + i] = last;
      }
    });
    return result;
  }
}

/**
 * A recipe standardised over some bars, or null where a variable does not vary there, or is not known on half of them.
 * @param bars the training bars
 */
export function fitRecipe(
  series: MarketSeries,
  variables: readonly StateVariable[],
  windowBars: number,
  bars: Uint32Array,
): StateRecipe | null {
  const moments = variables.map((variable) => momentsOf(series.values(variable, windowBars), bars));
  if (moments.some((moment) => moment === null)) return null;
  return {
    windowBars,
    variables: [...variables],
    means: moments.map((moment) => moment!.mean),
    deviations: moments.map((moment) => moment!.deviation),
  };
}

function momentsOf(values: Float64Array, bars: Uint32Array): { mean: number; deviation: number } | null {
  const known = Float64Array.from(bars, (bar) => values[bar]!).filter(Number.isFinite);
  if (known.length < bars.length / 2 || known.length < 2) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return deviation > 1e-6 * Math.max(1e-6, Math.abs(mean)) ? { mean, deviation } : null;
}

/** Sums over the last `window` entries, the own among them. Summed anew each time: nothing left of large entries that went by. */
function trailing(values: Float64Array, window: number): Float64Array {
  if (window === 1) return values;
  return values.map((_, at) => {
    let sum = 0;
    for (let i = Math.max(0, at - window + 1); i <= at; i++) sum += values[i]!;
    return sum;
  });
}

function ratio(above: Float64Array, below: Float64Array, then: (value: number) => number): Float64Array {
  return above.map((value, i) => (below[i]! > 0 ? then(value / below[i]!) : Number.NaN));
}
