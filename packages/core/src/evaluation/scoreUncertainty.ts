import { assertNever, DomainError } from '../errors.ts';
import type { DistributionMetrics } from '../runs/training.ts';
import { drawsCrps, normalCrps, quantilesCrps } from './crps.ts';
import { finiteOrNull } from './estimate.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import type { Uncertainty } from './uncertainty.ts';

/** Quantile levels at which forecasts are stored and, unless they are quantiles themselves, scored. */
export const storedLevels: readonly number[] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

export interface ForecastInput {
  /** [rows], what came; NaN = not known: the row is left out. */
  readonly target: Float64Array;
  /** [rows], point forecast; NaN = not predicted: the row is left out. */
  readonly values: Float64Array;
  readonly uncertainty: Uncertainty;
  /** Share of the outcomes that the interval should hold. */
  readonly nominal?: number;
}

/** Levels written alike, e.g. 0.1 and (1 − 0.8) / 2, are the same. */
const sameLevel = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;

/**
 * Quantile forecasts at given levels: of a Normal in closed form; of draws empirical, linear between order statistics
 * (Hyndman & Fan 1996, type 7); of quantiles linear between their levels.
 * @param values [rows]
 * @param levels in (0, 1)
 * @returns [rows, levels], in the target's unit; NaN beyond the outermost level of quantiles and where a forecast is NaN
 * @throws DomainError SHAPE_MISMATCH
 */
export function quantilesOf(values: Float64Array, uncertainty: Uncertainty, levels: readonly number[]): Float64Array {
  checkUncertainty(values, uncertainty);
  const rows = values.length;
  const result = new Float64Array(rows * levels.length);
  levels.forEach((level, j) => {
    const read = readerAt(values, uncertainty, level);
    for (let row = 0; row < rows; row++) result[row * levels.length + j] = read(row);
  });
  return result;
}

/** What one level's quantile of a row is. */
function readerAt(values: Float64Array, uncertainty: Uncertainty, level: number): (row: number) => number {
  switch (uncertainty.kind) {
    case 'normal': {
      const z = normalQuantile(level);
      return (row) => values[row]! + uncertainty.deviations[row]! * z;
    }
    case 'draws':
      return between(uncertainty.draws, uncertainty.perRow, level * (uncertainty.perRow - 1));
    case 'quantiles':
      return between(uncertainty.values, uncertainty.levels.length, placeOf(uncertainty.levels, level));
    default:
      return assertNever(uncertainty);
  }
}

/** Place of a level among ascending levels, with a fraction between two of them; NaN outside. */
function placeOf(levels: readonly number[], level: number): number {
  const exact = levels.findIndex((own) => sameLevel(own, level));
  if (exact >= 0) return exact;
  const above = levels.findIndex((own) => own > level);
  if (above < 1) return Number.NaN;
  return above - 1 + (level - levels[above - 1]!) / (levels[above]! - levels[above - 1]!);
}

/** Reads a fractional place of each row's `width` numbers. */
function between(numbers: Float64Array, width: number, place: number): (row: number) => number {
  if (Number.isNaN(place)) return () => Number.NaN;
  const low = Math.floor(place);
  const share = place - low;
  return (row) => {
    const first = numbers[row * width + low]!;
    return share === 0 ? first : first + share * (numbers[row * width + low + 1]! - first);
  };
}

/**
 * How good uncertain forecasts are over one test block, or over all of them pooled.
 *
 * - Pinball loss (Koenker & Bassett 1978): of quantiles at their own levels, else at `storedLevels`.
 * - CRPS (Matheson & Winkler 1976; Gneiting & Raftery 2007): of a Normal in closed form; of draws in energy form, fair, as
 *   a sample of what they are drawn from (Ferro 2014), with one draw its absolute error; of quantiles that of the distribution
 *   function which is linear between them and has what lies beyond the outermost on these.
 * - Interval: central, `nominal` wide, ends included. Quantile forecasts without these levels give the nearest symmetric
 *   pair they have, and `nominal` in the answer says which; null without a pair.
 * - NLL of a Normal only.
 * - PIT in tenths: of a Normal its distribution function; of draws the rank among them, each rank spread evenly over its
 *   share and ties over all of theirs (Czado, Gneiting & Held 2009); of quantiles only when they hold every tenth.
 *
 * Rows whose target or forecast is NaN are left out. Whatever is not defined is null, never NaN.
 * @throws DomainError SHAPE_MISMATCH
 */
export function scoreUncertainty({ target, values, uncertainty, nominal = 0.8 }: ForecastInput): DistributionMetrics {
  const rows = scoredRows(target, values, uncertainty);
  const levels = uncertainty.kind === 'quantiles' ? uncertainty.levels : storedLevels;
  const pinball = levels.map((level) => ({
    level,
    loss: meanOver(rows, pinballAt(target, readerAt(values, uncertainty, level), level)),
  }));
  return {
    pinball,
    crps: meanOver(rows, crpsAt(target, values, uncertainty)),
    interval: intervalOf(rows, target, values, uncertainty, nominal),
    nll: nllOf(rows, target, values, uncertainty),
    pit: pitOf(rows, target, values, uncertainty),
  };
}

/** Rows that can be scored: outcome and every number of the forecast are there. @throws DomainError SHAPE_MISMATCH */
export function scoredRows(target: Float64Array, values: Float64Array, uncertainty: Uncertainty): Uint32Array {
  checkUncertainty(values, uncertainty);
  if (target.length !== values.length) {
    throw new DomainError('SHAPE_MISMATCH', `expected ${values.length} outcomes, got ${target.length}`);
  }
  const { numbers, width } = numbersOf(uncertainty);
  const kept: number[] = [];
  for (let row = 0; row < values.length; row++) {
    let sum = target[row]! + values[row]!;
    for (let k = row * width; k < (row + 1) * width; k++) sum += numbers[k]!;
    if (Number.isFinite(sum)) kept.push(row);
  }
  return Uint32Array.from(kept);
}

function checkUncertainty(values: Float64Array, uncertainty: Uncertainty): void {
  const { numbers, width } = numbersOf(uncertainty);
  if (numbers.length === values.length * width && width > 0) return;
  const came = `${numbers.length} numbers of ${uncertainty.kind}`;
  throw new DomainError('SHAPE_MISMATCH', `expected ${width} for each of ${values.length} forecasts, got ${came}`);
}

function numbersOf(uncertainty: Uncertainty): { numbers: Float64Array; width: number } {
  switch (uncertainty.kind) {
    case 'normal':
      return { numbers: uncertainty.deviations, width: 1 };
    case 'draws':
      return { numbers: uncertainty.draws, width: uncertainty.perRow };
    case 'quantiles':
      return { numbers: uncertainty.values, width: uncertainty.levels.length };
    default:
      return assertNever(uncertainty);
  }
}

function meanOver(rows: Uint32Array, of: (row: number) => number): number | null {
  let sum = 0;
  for (const row of rows) sum += of(row);
  return finiteOrNull(sum / rows.length);
}

function pinballAt(target: Float64Array, read: (row: number) => number, level: number): (row: number) => number {
  return (row) => {
    const above = target[row]! - read(row);
    return above >= 0 ? level * above : (level - 1) * above;
  };
}

function crpsAt(target: Float64Array, values: Float64Array, uncertainty: Uncertainty): (row: number) => number {
  switch (uncertainty.kind) {
    case 'normal':
      return (row) => normalCrps(target[row]!, values[row]!, uncertainty.deviations[row]!);
    case 'draws':
      return (row) => drawsCrps(target[row]!, uncertainty, row);
    case 'quantiles':
      return (row) => quantilesCrps(target[row]!, uncertainty, row);
    default:
      return assertNever(uncertainty);
  }
}

function intervalOf(
  rows: Uint32Array,
  target: Float64Array,
  values: Float64Array,
  uncertainty: Uncertainty,
  wanted: number,
): DistributionMetrics['interval'] {
  const nominal = uncertainty.kind === 'quantiles' ? nearestPair(uncertainty.levels, wanted) : wanted;
  if (nominal === null) return null;
  const low = readerAt(values, uncertainty, (1 - nominal) / 2);
  const high = readerAt(values, uncertainty, (1 + nominal) / 2);
  return {
    nominal,
    coverage: meanOver(rows, (row) => (target[row]! >= low(row) && target[row]! <= high(row) ? 1 : 0)),
    meanWidth: meanOver(rows, (row) => high(row) - low(row)),
  };
}

/** Width, as a share, of the central interval that levels give and that is nearest to the wanted one. */
export function nearestPair(levels: readonly number[], wanted: number): number | null {
  const widths = levels.filter((level) => level < 0.5 && levels.some((other) => sameLevel(other, 1 - level)));
  if (widths.some((level) => sameLevel(1 - 2 * level, wanted))) return wanted;
  const [nearest] = widths.map((level) => 1 - 2 * level).sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  return nearest ?? null;
}

function nllOf(rows: Uint32Array, target: Float64Array, values: Float64Array, uncertainty: Uncertainty): number | null {
  if (uncertainty.kind !== 'normal') return null;
  return meanOver(rows, (row) => {
    const deviation = uncertainty.deviations[row]!;
    const z = (target[row]! - values[row]!) / deviation;
    return Math.log(2 * Math.PI) / 2 + Math.log(deviation) + (z * z) / 2;
  });
}

const tenths = 10;

function pitOf(
  rows: Uint32Array,
  target: Float64Array,
  values: Float64Array,
  uncertainty: Uncertainty,
): number[] | null {
  if (rows.length === 0) return null;
  const counts = new Float64Array(tenths);
  const count = (tenth: number) => counts[Math.min(tenths - 1, tenth)]!++;
  switch (uncertainty.kind) {
    case 'normal':
      for (const row of rows) {
        count(Math.floor(tenths * normalCdf((target[row]! - values[row]!) / uncertainty.deviations[row]!)));
      }
      break;
    case 'draws':
      for (const row of rows) spreadRank(counts, target[row]!, uncertainty, row);
      break;
    case 'quantiles': {
      const { levels } = uncertainty;
      const inner = Array.from({ length: tenths - 1 }, (_, i) => (i + 1) / tenths);
      if (!inner.every((level) => levels.some((own) => sameLevel(own, level)))) return null;
      const edges = inner.map((level) => readerAt(values, uncertainty, level));
      for (const row of rows) count(edges.filter((edge) => target[row]! > edge(row)).length);
      break;
    }
    default:
      return assertNever(uncertainty);
  }
  return Array.from(counts, (value) => value / rows.length);
}

/** Adds 1 to the tenths, evenly over the share [below, below + equal + 1] / (draws + 1) that the outcome's rank stands for. */
function spreadRank(
  counts: Float64Array,
  target: number,
  { draws, perRow }: Extract<Uncertainty, { kind: 'draws' }>,
  row: number,
): void {
  const below = firstAtLeast(draws, row * perRow, (row + 1) * perRow, target) - row * perRow;
  let equal = 0;
  while (below + equal < perRow && draws[row * perRow + below + equal] === target) equal++;
  const start = (tenths * below) / (perRow + 1);
  const end = (tenths * (below + equal + 1)) / (perRow + 1);
  for (let tenth = Math.floor(start); tenth < Math.min(tenths, end); tenth++) {
    counts[tenth]! += (Math.min(end, tenth + 1) - Math.max(start, tenth)) / (end - start);
  }
}

/** Index of the first of ascending numbers that is not below `value`. */
function firstAtLeast(numbers: Float64Array, start: number, end: number, value: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
