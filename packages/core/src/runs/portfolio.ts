import { z } from 'zod';

/** What trading on forecasts would have earned, all test blocks pooled; net of costs but where it says gross. `null`: not defined there. */
export const portfolioMetricsSchema = z.object({
  /** Mean / standard deviation of a bar's return × √ bars a year, and its standard error (Lo 2002). */
  netSharpe: z.number().nullable(),
  netSharpeError: z.number().nullable(),
  grossSharpe: z.number().nullable(),
  grossSharpeError: z.number().nullable(),
  /** Compounded; 0.1 = 10 % a year. */
  annualReturn: z.number().nullable(),
  annualVolatility: z.number().nullable(),
  /** The deepest fall from a peak, as a share of it; null when there was none. Epoch milliseconds of peak, trough and recovery. */
  maxDrawdown: z
    .object({ depth: z.number(), from: z.number(), to: z.number(), recovered: z.number().nullable() })
    .nullable(),
  /** Mean over bars of Σ |bought or sold|, of the capital. */
  turnover: z.number().nullable(),
  costBasisPoints: z.number(),
  bars: z.number().int(),
  barsPerYear: z.number(),
});
export type PortfolioMetrics = z.infer<typeof portfolioMetricsSchema>;

/** What the raw columns of a training's portfolios are: those of one target after those of another. */
export const portfolioLayoutSchema = z.object({
  series: z.array(z.object({ target: z.string(), bars: z.number().int().nonnegative() })),
});
export type PortfolioLayout = z.infer<typeof portfolioLayoutSchema>;

export const portfolioColumns = ['gross', 'net', 'turnover'] as const;
