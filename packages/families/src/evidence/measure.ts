import { DomainError } from '@twostage/core/errors';
import type { Panel } from '@twostage/core/panel/panel';
import { onlySymbol } from '@twostage/core/panel/onlySymbol';
import type {
  MeasuredEvidence,
  PooledEvidence,
  ProbeEvidence,
  ProbeId,
  SymbolEvidence,
} from '@twostage/core/plans/evidence';
import type { PlanPolicy } from '@twostage/core/plans/policy';
import { disjointWindows, drawShifts } from '@twostage/core/plans/shifts';
import { significanceOf } from '@twostage/core/plans/significance';
import type { WalkForwardSettings } from '@twostage/core/evaluation/folds';
import { evidenceFolds, type Ground, labelledSpan, layGround } from './ground.ts';
import { labelMean, RidgeProbe } from './ridgeProbe.ts';
import { concat, type Forecasts, icAdvantage, icOf, meansOfParts, r2Of, scoreForecasts } from './score.ts';
import { TreeProbe } from './treeProbe.ts';

export interface MeasureInput {
  readonly panel: Panel;
  /** [panel.rows]; NaN = not known. */
  readonly target: Float64Array;
  readonly labelBars: number;
  readonly policy: PlanPolicy;
  readonly seed: number;
  readonly threads: number;
  /** Called often. Yields, so that a cancel arrives. @throws DomainError CANCELLED */
  readonly report: () => Promise<void>;
}

export interface MeasuredPooled {
  readonly evidence: PooledEvidence;
  /** [panel.rows], of the best probe on the rows judged, NaN elsewhere; null where none was fitted. */
  readonly forecast: Float64Array | null;
}

/** Fewest shifts by which chance can be told; with fewer bars there is no room for them. */
const fewestShifts = 19;
/** Shifts as high as the target's own after which no more are needed to see that it is nothing. */
const enoughExceeding: Record<ProbeId, number> = { Ridge: 10, LightGBM: 4 };
const streams = { pooled: 11, own: 12 } as const;

/**
 * What the probes find out of sample in a target on all symbols, and what they find in the same target turned round in time.
 * @throws DomainError CANCELLED; ENGINE_MISSING, ENGINE_FAILED
 */
export async function measurePooled(input: MeasureInput): Promise<MeasuredPooled> {
  const { panel, target, policy } = input;
  if (panel.symbols.length < policy.minimumSymbols)
    return small(input, `${panel.symbols.length} of ${policy.minimumSymbols} symbols`);
  return refusing(input, async () => {
    const ground = groundOf(panel, target, input);
    const { evidence, best } = await measure(ground, input, streams.pooled);
    const forecast = new Float64Array(panel.rows).fill(Number.NaN);
    for (const [i, { test }] of ground.folds.entries())
      for (let k = 0; k < test.length; k++) forecast[ground.rows[test[k]!]!] = best.forecasts[i]![k]!;
    return { evidence, forecast };
  });
}

/**
 * The same of a model of one symbol's rows alone, and how it stands on them against the model of all.
 * @param pooled `MeasuredPooled.forecast`
 * @throws DomainError UNKNOWN_SYMBOL, CANCELLED; ENGINE_MISSING, ENGINE_FAILED
 */
export async function measureSymbol(
  input: MeasureInput,
  symbol: string,
  pooled: Float64Array | null,
): Promise<SymbolEvidence> {
  const { panel, firstRow } = onlySymbol(input.panel, symbol);
  const target = input.target.slice(firstRow, firstRow + panel.rows);
  const measured = await refusing({ ...input, panel, target }, async () => {
    const ground = groundOf(panel, target, input);
    const { evidence, best } = await measure(ground, input, streams.own + input.panel.symbols.indexOf(symbol));
    return { evidence: { ...evidence, ...compare(ground, best.forecasts, firstRow, pooled) }, forecast: null };
  });
  return { ...measured.evidence, symbol };
}

/** Folds are those of all symbols: a training of one symbol is cut at the same bars. */
function groundOf(panel: Panel, target: Float64Array, { policy, labelBars, ...whole }: MeasureInput): Ground {
  const span = labelledSpan(whole.panel, whole.target);
  if (span === null) throw new DomainError('TOO_FEW_BARS', 'it has no labels');
  const settings: WalkForwardSettings = {
    ...{ count: policy.folds, scheme: 'expanding', embargoBars: policy.embargoBars, validationFraction: 0.15 },
  };
  return layGround(panel, target, evidenceFolds(span, settings, labelBars), span);
}

async function refusing<Result>(
  input: Pick<MeasureInput, 'panel' | 'target' | 'labelBars'>,
  measuring: () => Promise<Result>,
): Promise<Result | (MeasuredPooled & { evidence: { kind: 'tooSmall' } })> {
  try {
    return await measuring();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'TOO_FEW_BARS') return small(input, error.message);
    throw error;
  }
}

function small(
  input: Pick<MeasureInput, 'panel' | 'target' | 'labelBars'>,
  why: string,
): MeasuredPooled & { evidence: { kind: 'tooSmall' } } {
  return { evidence: { kind: 'tooSmall', ...sizeOf(input), why }, forecast: null };
}

function sizeOf({ panel, target, labelBars }: Pick<MeasureInput, 'panel' | 'target' | 'labelBars'>) {
  const labelled = panel.barOf.filter((_, row) => Number.isFinite(target[row]!));
  const bars = new Uint32Array(new Set(labelled)).sort();
  return { rows: labelled.length, bars: bars.length, windows: disjointWindows(bars, labelBars) };
}

interface Probe {
  readonly id: ProbeId;
  readonly shifts: number;
  forecast(labels: Float64Array): Promise<Forecasts>;
  close(): void;
}

interface ProbeResult {
  readonly evidence: ProbeEvidence;
  readonly forecasts: Forecasts;
}

async function measure(ground: Ground, input: MeasureInput, stream: number) {
  const { policy, labelBars, seed } = input;
  const { everyBars: every, circle } = ground;
  const own = ground.panel.symbols.length === 1;
  const step = own ? 1 : every;
  const least = labelBars + policy.embargoBars + policy.featureMemoryBars;
  const shifts = drawShifts({
    ...{ length: Math.floor(circle / step), leastSteps: Math.ceil(least / step), seed, stream },
    count: Math.max(policy.shifts, policy.treeShifts),
  }).map((steps) => steps * step);
  if (shifts.length < fewestShifts)
    throw new DomainError(
      'TOO_FEW_BARS',
      `${circle} bars leave no room to turn the target round by more than ${least}, to see what chance finds`,
    );
  const results: ProbeResult[] = [];
  for (const open of [ridge, trees]) results.push(await probeTarget(ground, open(ground, input), shifts, input));
  const { panel } = ground;
  const target = own ? input.target.subarray(...rowRange(input.panel, panel.symbols[0]!)) : input.target;
  const chosen = significanceOf(results.map(({ evidence }) => evidence)).probe;
  const evidence: MeasuredEvidence = {
    kind: 'measured',
    ...sizeOf({ panel, target, labelBars }),
    judgedRows: ground.folds.reduce((sum, { test }) => sum + test.length, 0),
    probes: results.map((result) => result.evidence),
  };
  return { evidence, best: results.find((result) => result.evidence.probe === chosen)! };
}

function rowRange({ symbols, symbolOf }: Panel, symbol: string): [number, number] {
  const index = symbols.indexOf(symbol);
  return [symbolOf.indexOf(index), symbolOf.lastIndexOf(index) + 1];
}

function ridge(ground: Ground, { policy, report }: MeasureInput): Probe {
  const folds = ground.folds.map((fold) => new RidgeProbe(ground, fold));
  return {
    ...{ id: 'Ridge', shifts: policy.shifts, close() {} },
    async forecast(labels) {
      await report();
      return folds.map((fold) => fold.forecast(labels));
    },
  };
}

function trees(ground: Ground, { policy, seed, threads, report }: MeasureInput): Probe {
  const folds: TreeProbe[] = [];
  for (const fold of ground.folds) folds.push(new TreeProbe(ground, fold, { seed, threads }));
  return {
    ...{ id: 'LightGBM', shifts: policy.treeShifts },
    async forecast(labels) {
      const forecasts: Float64Array[] = [];
      for (const fold of folds) {
        await report();
        forecasts.push(fold.forecast(labels));
      }
      return forecasts;
    },
    close() {
      for (const fold of folds) fold.close();
    },
  };
}

async function probeTarget(
  ground: Ground,
  probe: Probe,
  shifts: readonly number[],
  { policy }: MeasureInput,
): Promise<ProbeResult> {
  try {
    const forecasts = await probe.forecast(ground.labels);
    const { ic, parts } = scoreForecasts(ground, forecasts, ground.labels);
    const shifted: number[] = [];
    let exceeding = 0;
    for (const bars of shifts.slice(0, probe.shifts)) {
      const labels = ground.shifted(bars);
      const chance = icOf(ground, await probe.forecast(labels), labels);
      shifted.push(chance);
      if (chance >= (ic.value ?? 0) && ++exceeding >= enoughExceeding[probe.id]) break;
    }
    const series = concat(parts);
    const [early = 0, recent = 0] = meansOfParts(series, 2);
    const trainMeans = ground.folds.map(({ train }) => labelMean(ground.labels, train));
    return {
      forecasts,
      evidence: {
        ...{ probe: probe.id, ic, early, recent, shifted },
        byFold: parts.map((part) => meansOfParts(part, 1)[0] ?? 0),
        byPeriod: meansOfParts(series, policy.periods),
        r2: r2Of(ground, forecasts, trainMeans),
      },
    };
  } finally {
    probe.close();
  }
}

/** Of the rows that both judged. */
function compare(ground: Ground, own: Forecasts, firstRow: number, pooled: Float64Array | null) {
  if (pooled === null) return { pooledIc: null, advantage: null };
  const theirs = ground.folds.map(({ test }) => Float64Array.from(test, (at) => pooled[firstRow + ground.rows[at]!]!));
  // Of very many rows the two may have chosen others.
  const labels = ground.labels.slice();
  for (const [i, { test }] of ground.folds.entries())
    for (let k = 0; k < test.length; k++) if (Number.isNaN(theirs[i]![k]!)) labels[test[k]!] = Number.NaN;
  const pooledScore = scoreForecasts(ground, theirs, labels);
  return {
    pooledIc: pooledScore.ic,
    advantage: icAdvantage(ground, scoreForecasts(ground, own, labels), pooledScore),
  };
}
