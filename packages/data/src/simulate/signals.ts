/** The planted signals, by what they reward. */
export const signalNames = ['volumeMomentum', 'meanReversion', 'attention'] as const;
export type SignalName = (typeof signalNames)[number];

/** Bars that the signals look back, so many are simulated and thrown away before the first one written. */
export const warmUpBars = 60;

/** Bars over which each signal looks, and how fast `attention` forgets. */
const momentumBars = 5;
const meanBars = 20;
const attentionBars = 15;
const attentionHalfLifeBars = 5;

/** For the README: each signal in words, and the built-in features that show it. */
export const signalDescriptions: Record<SignalName, { readonly formula: string; readonly seenIn: string }> = {
  volumeMomentum: {
    formula:
      'z(close[t] / close[t−5] − 1) · (+1 where volume[t] / mean(volume, 20 bars) is above the median symbol, else −1): moves on unusual volume go on, moves on little volume come back',
    seenIn: 'an interaction of ROC5 and VMA20; neither alone shows it',
  },
  meanReversion: {
    formula: 'z(mean(close, 20 bars) / close[t]): prices below their mean rise',
    seenIn: 'MA20, linearly',
  },
  attention: {
    formula: `z(Σ over the last ${attentionBars} bars of 2^(−age/${attentionHalfLifeBars}) · ln(volume / mean(volume, 20 bars))): symbols that were traded more than usual, the more lately the more, rise`,
    seenIn: 'VMA5 and VMA20 in part; their history shows all of it, so a sequence family sees more',
  },
};

interface Bars {
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/**
 * The signals of one day, standardised across symbols (mean 0, variance 1; 0 where all are equal, or before enough bars).
 * @returns [symbols] each
 */
export function plantedSignals(symbols: readonly Bars[], day: number): Record<SignalName, Float64Array> {
  const across = (value: (bars: Bars) => number): Float64Array =>
    day < meanBars ? new Float64Array(symbols.length) : standardise(Float64Array.from(symbols, value));
  const move = across(({ close }) => close[day]! / close[day - momentumBars]! - 1);
  const busy = across(({ volume }) => volume[day]! / meanOver(volume, day, meanBars));
  const usual = median(busy);
  return {
    volumeMomentum: standardise(move.map((value, i) => (busy[i]! > usual ? value : -value))),
    meanReversion: across(({ close }) => meanOver(close, day, meanBars) / close[day]!),
    attention: across((bars) => attention(bars, day)),
  };
}

function attention({ volume }: Bars, day: number): number {
  const usual = Math.log(meanOver(volume, day, meanBars));
  let sum = 0;
  for (let age = 0; age < attentionBars; age++) {
    sum += 2 ** (-age / attentionHalfLifeBars) * (Math.log(volume[day - age]!) - usual);
  }
  return sum;
}

function meanOver(values: Float64Array, day: number, bars: number): number {
  let sum = 0;
  for (let i = day - bars + 1; i <= day; i++) sum += values[i]!;
  return sum / bars;
}

function standardise(values: Float64Array): Float64Array {
  const n = values.length;
  const center = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / n);
  return values.map((value) => (deviation > 0 ? (value - center) / deviation : 0));
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
