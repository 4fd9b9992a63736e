import { Random } from '@twostage/core/random';
import { plantedSignals, type SignalName, signalNames, warmUpBars } from './signals.ts';

/**
 * The model, per trading day:
 *
 *   r[i,s] = beta[i] · market[s] + sector[k(i),s] + sigma[i,s] · (Σ strength[j] · signal[j,i,s−2] + e[i,s])
 *
 * r is the log return close to close; signal[j,·,t] has mean 0 and variance 1 across the symbols of day t and is computed
 * from prices and volumes up to t, as written to the files; s − 2 because a signal seen at the close of t is traded at the
 * close of t + 1 and earns the return of t + 2, which is what fwd_ret_1d measures. market and e follow GARCH(1,1)
 * (Bollerslev 1986): volatility comes in clusters. e is Student t with 6 degrees of freedom, scaled to variance 1.
 */
export const model = {
  /** Expected return in units of sigma for one standard deviation of the signal. */
  strength: { volumeMomentum: 0.1, meanReversion: 0.07, attention: 0.07 } satisfies Record<SignalName, number>,
  sectors: 4,
  marketDailyVolatility: 0.009,
  marketDailyDrift: 0.0003,
  sectorDailyVolatility: 0.006,
  /** Each symbol draws its own from this range, evenly. */
  dailyVolatility: { least: 0.01, most: 0.022 },
  beta: { least: 0.7, most: 1.3 },
  /** Of yesterday's squared shock and of yesterday's variance; the rest pulls back to the long-run variance. */
  garch: { shock: 0.08, persistence: 0.9 },
  tailDegrees: 6,
  firstDay: '2015-01-01',
} as const;

/** What one symbol's file holds. */
export interface SimulatedSymbol {
  readonly symbol: string;
  readonly sector: number;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}
export interface SimulatedMarket {
  /** [bars], `2015-01-01`: days from Monday to Friday; no holidays. */
  readonly dates: readonly string[];
  readonly symbols: readonly SimulatedSymbol[];
  /** [signal][bars * symbols], bar-major: what a model would have to see. */
  readonly signals: Readonly<Record<SignalName, Float64Array>>;
}

export interface SimulationSettings {
  readonly symbols: number;
  readonly bars: number;
  readonly seed: number;
}

/** Deterministic in its settings. Each symbol draws from a stream of its own, so adding one moves the others only through the signals' cross-section. */
export function simulate({ symbols: count, bars, seed }: SimulationSettings): SimulatedMarket {
  const total = bars + warmUpBars;
  const width = Math.max(2, String(count).length);
  const states = Array.from({ length: count }, (_, i) => newSymbol(i, new Random(seed, i + 2), total, width));
  const common = new Random(seed, 1);
  const market = new Garch(model.marketDailyVolatility);
  const past = signalNames.map(() => new Float64Array(total * count));

  for (let day = 0; day < total; day++) {
    const marketReturn = model.marketDailyDrift + market.next(studentT(common));
    const sectorReturns = Array.from({ length: model.sectors }, () => model.sectorDailyVolatility * common.normal());
    states.forEach((state, i) => {
      let signal = 0;
      signalNames.forEach((name, j) => {
        if (day >= 2) signal += model.strength[name] * past[j]![(day - 2) * count + i]!;
      });
      const shared = state.beta * marketReturn + sectorReturns[state.sector]!;
      trade(state, day, shared, signal);
    });
    const today = plantedSignals(states, day);
    signalNames.forEach((name, j) => {
      past[j]!.set(today[name], day * count);
    });
  }
  return {
    dates: weekdays(model.firstDay, bars),
    symbols: states.map(({ symbol, sector, open, high, low, close, volume }) => ({
      symbol,
      sector,
      open: open.subarray(warmUpBars),
      high: high.subarray(warmUpBars),
      low: low.subarray(warmUpBars),
      close: close.subarray(warmUpBars),
      volume: volume.subarray(warmUpBars),
    })),
    signals: Object.fromEntries(
      signalNames.map((name, j) => [name, past[j]!.subarray(warmUpBars * count)]),
    ) as unknown as SimulatedMarket['signals'],
  };
}

interface SymbolState extends SimulatedSymbol {
  readonly random: Random;
  readonly beta: number;
  readonly own: Garch;
  readonly usualVolume: number;
  /** Deviation of the logarithm of volume from its usual level. */
  busyness: number;
}

function newSymbol(index: number, random: Random, total: number, width: number): SymbolState {
  const between = ({ least, most }: { least: number; most: number }) => least + (most - least) * random.uniform();
  return {
    symbol: `SIM${String(index + 1).padStart(width, '0')}`,
    sector: index % model.sectors,
    random,
    beta: between(model.beta),
    own: new Garch(between(model.dailyVolatility)),
    usualVolume: Math.exp(13 + 2 * random.uniform()),
    busyness: 0,
    open: new Float64Array(total),
    high: new Float64Array(total),
    low: new Float64Array(total),
    close: new Float64Array(total),
    volume: new Float64Array(total),
  };
}

/** One symbol's day: open gaps by part of the day's move, the range extends beyond open and close, moves draw volume. */
function trade(state: SymbolState, day: number, common: number, signal: number): void {
  const { random, own } = state;
  const before = day === 0 ? 20 + 180 * random.uniform() : state.close[day - 1]!;
  const sigma = own.volatility;
  const shock = studentT(random);
  const move = common + sigma * signal + own.next(shock);
  const gap = 0.3 * move + 0.25 * sigma * random.normal();
  const close = roundPrice(before * Math.exp(move));
  const open = roundPrice(before * Math.exp(gap));
  state.close[day] = close;
  state.open[day] = open;
  state.high[day] = roundPrice(Math.max(open, close) * Math.exp(0.5 * sigma * Math.abs(random.normal())));
  state.low[day] = roundPrice(Math.min(open, close) * Math.exp(-0.5 * sigma * Math.abs(random.normal())));
  state.busyness = 0.7 * state.busyness + 0.25 * random.normal() + 0.12 * (Math.abs(shock) - 0.75);
  state.volume[day] = Math.round(state.usualVolume * Math.exp(state.busyness));
}

/** Variance that remembers: h' = long-run · (1 − a − b) + a · shock² + b · h. */
class Garch {
  #variance: number;
  constructor(private readonly longRunVolatility: number) {
    this.#variance = longRunVolatility ** 2;
  }
  get volatility(): number {
    return Math.sqrt(this.#variance);
  }
  /** The day's shock, in return units. @param standard variance 1 */
  next(standard: number): number {
    const { shock, persistence } = model.garch;
    const value = this.volatility * standard;
    const longRun = this.longRunVolatility ** 2 * (1 - shock - persistence);
    this.#variance = longRun + shock * value ** 2 + persistence * this.#variance;
    return value;
  }
}

/** Student t with variance 1. */
function studentT(random: Random): number {
  const degrees = model.tailDegrees;
  let chiSquared = 0;
  for (let i = 0; i < degrees; i++) chiSquared += random.normal() ** 2;
  return random.normal() * Math.sqrt((degrees - 2) / chiSquared);
}

const roundPrice = (price: number): number => Math.round(price * 10_000) / 10_000;

function weekdays(first: string, count: number): string[] {
  const dates: string[] = [];
  for (const day = new Date(`${first}T00:00:00Z`); dates.length < count; day.setUTCDate(day.getUTCDate() + 1)) {
    if (day.getUTCDay() % 6 !== 0) dates.push(day.toISOString().slice(0, 10));
  }
  return dates;
}

/**
 * The IC with fwd_ret_1d that each signal has by construction: strength · E[sigma] over the standard deviation of a return
 * across symbols, √(E[sigma²] · (1 + Σ strength²) + sector variance · (1 − 1/sectors) + var(beta) · market variance).
 */
export function theoreticalIc(): Record<SignalName | 'all', number> {
  const { least, most } = model.dailyVolatility;
  const meanSigma = (least + most) / 2;
  const meanSigmaSquared = (least ** 2 + least * most + most ** 2) / 3;
  const betaVariance = (model.beta.most - model.beta.least) ** 2 / 12;
  const strengths = signalNames.map((name) => model.strength[name]);
  const sumOfSquares = strengths.reduce((sum, strength) => sum + strength ** 2, 0);
  const spread = Math.sqrt(
    meanSigmaSquared * (1 + sumOfSquares) +
      model.sectorDailyVolatility ** 2 * (1 - 1 / model.sectors) +
      betaVariance * model.marketDailyVolatility ** 2,
  );
  const ic = (strength: number) => (strength * meanSigma) / spread;
  return {
    ...(Object.fromEntries(signalNames.map((name) => [name, ic(model.strength[name])])) as Record<SignalName, number>),
    all: ic(Math.sqrt(sumOfSquares)),
  };
}
