import { mean } from './correlation.ts';

/** Of a sample, all over n (no small-sample factor), as scipy.stats.skew and kurtosis(fisher=False) give them. */
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** 0 where symmetric. */
  readonly skewness: number;
  /** 3 where Normal. */
  readonly kurtosis: number;
}

/** @returns NaN for skewness and kurtosis without variance, for all without values */
export function momentsOf(values: ArrayLike<number>): Moments {
  const n = values.length;
  const center = mean(values);
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const deviation = values[i]! - center;
    const square = deviation * deviation;
    second += square;
    third += square * deviation;
    fourth += square * square;
  }
  const variance = second / n;
  return {
    mean: center,
    deviation: Math.sqrt(variance),
    skewness: third / n / variance ** 1.5,
    kurtosis: fourth / n / (variance * variance),
  };
}
