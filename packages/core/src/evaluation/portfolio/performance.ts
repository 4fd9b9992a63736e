import { clusteredMean, type Estimate, errorOfMean, meanEstimate } from '../estimate.ts';
import { momentsOf } from '../moments.ts';
import { neweyWestLags } from '../neweyWest.ts';
import { type Drawdown, equityCurve, maxDrawdown } from './drawdown.ts';
import { autocorrelations, sharpeRatio, sharpeScale } from './sharpe.ts';

/** Of a series of simple returns, one a bar. Standard errors are Newey–West's. */
export interface Performance {
  readonly bars: number;
  /** Growth of 1 over all bars less 1. */
  readonly totalReturn: number;
  /** Compounded: what the growth comes to a year; −1 when all was lost; null without bars. */
  readonly annualReturn: number | null;
  /** Mean return × bars a year, not compounded: the figure whose error is known. */
  readonly annualMean: Estimate;
  /** Standard deviation (n − 1) × √ bars a year. */
  readonly annualVolatility: Estimate;
  /** × √ bars a year: see `sharpeRatio`. */
  readonly sharpe: Estimate;
  /** Annualised as returns that hang together ask for: see `sharpeScale`. */
  readonly sharpeAdjusted: number | null;
  readonly skewness: number | null;
  /** 3 where Normal. */
  readonly kurtosis: number | null;
  readonly maxDrawdown: Drawdown | null;
  /** Share of the bars with a return other than 0 that gained. */
  readonly hitRate: Estimate;
}

/** Figures of a series of returns. @param returns [bars], simple, in time order @param barsPerYear as `barsPerYearOf` says */
export function performanceOf(returns: Float64Array, barsPerYear = 252): Performance {
  const n = returns.length;
  const lags = neweyWestLags(n, 1);
  const { skewness, kurtosis } = momentsOf(returns);
  const equity = equityCurve(returns);
  const growth = n > 0 ? equity[n - 1]! : 1;
  const root = Math.sqrt(barsPerYear);
  const sharpe = sharpeRatio(returns);
  const adjusted = sharpeScale(barsPerYear, autocorrelations(returns, lags));
  const moved = returns.filter((value) => value !== 0);
  return {
    bars: n,
    totalReturn: growth - 1,
    annualReturn: n > 0 ? growth ** (barsPerYear / n) - 1 : null,
    annualMean: scaled(meanEstimate(returns, lags), barsPerYear),
    annualVolatility: scaled(deviationEstimate(returns, lags), root),
    sharpe: scaled(sharpe, root),
    sharpeAdjusted: sharpe.value === null || adjusted === null ? null : sharpe.value * adjusted,
    skewness: sharpe.value === null ? null : skewness,
    kurtosis: sharpe.value === null ? null : kurtosis,
    maxDrawdown: maxDrawdown(equity),
    hitRate: clusteredMean(
      moved.map((_, i) => i),
      moved.map((value) => (value > 0 ? 1 : 0)),
      1,
    ),
  };
}

/** Sample standard deviation (n − 1); its error is that of the variance by the delta method. */
function deviationEstimate(returns: Float64Array, lags: number): Estimate {
  const n = returns.length;
  if (n < 2) return { value: null, standardError: null };
  const { mean: center, deviation } = momentsOf(returns);
  const influence = returns.map((value) => ((value - center) ** 2 - deviation ** 2) / (2 * deviation));
  return { value: deviation * Math.sqrt(n / (n - 1)), standardError: errorOfMean(influence, lags) };
}

function scaled({ value, standardError }: Estimate, factor: number): Estimate {
  return {
    value: value === null ? null : value * factor,
    standardError: standardError === null ? null : standardError * factor,
  };
}
