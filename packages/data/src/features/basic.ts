import type { PriceName } from '../columns.ts';

/** A feature of the basic set: SQL over one symbol's bars up to and including its own. */
export interface BasicFeature {
  readonly name: string;
  /** NULL where an input is missing or the window is not full. */
  readonly sql: string;
  readonly needs: readonly PriceName[];
}

/** Bars of the longest window: a symbol's first bars have no value there. */
export const longestWindowBars = 60;

/** Windows of d bars that end at the row; `named` declares them after the query's FROM. */
const windows = [5, 10, 20, 60] as const;
type Window = (typeof windows)[number];

/** Inputs that every bar has after so many: a usable bar has a close, and its change from the bar before. */
const neverMissing: Readonly<Record<string, number>> = { c: 0, r: 1, dc: 1 };

/**
 * The aggregate over the last d bars; NULL unless every one of them has every input (as pandas' rolling with
 * min_periods = d), so that a hole is never read as a shorter window.
 */
const over = (d: Window, aggregate: string, ...inputs: string[]): string => {
  const full = inputs.map((input) => {
    const first = neverMissing[input];
    return first === undefined ? `count(${input}) OVER w${d} = ${d}` : `sn >= ${d + first}`;
  });
  return `(CASE WHEN ${full.join(' AND ')} THEN ${aggregate} OVER w${d} END)`;
};
/** NULL where an input stands still over the window: what rounding leaves of its variance would pass for a signal. */
const overMoving = (d: Window, aggregate: string, ...inputs: string[]): string => {
  const moving = inputs.map((input) => `stddev_samp(${input}) OVER w${d} > 1e-9 * abs(${input})`).join(' AND ');
  return `(CASE WHEN ${moving} THEN ${over(d, aggregate, ...inputs)} END)`;
};
const each = <D extends Window>(list: readonly D[], make: (d: D) => BasicFeature): BasicFeature[] => list.map(make);

const quantiles = (d: Window): string => over(d, 'quantile_cont(c, [0.2, 0.8])', 'c');

/** Of the day's range; 0 on a bar without one, the limit of the published form's (… + 1e-12). */
const ofRange = (numerator: string): string => `CASE WHEN h > l THEN (${numerator}) / (h - l) WHEN h = l THEN 0.0 END`;
const ohlc = ['open', 'high', 'low'] as const;

/**
 * The basic set: forty-odd of the published features of Qlib's Alpha158 (Yang et al. 2020, github.com/microsoft/qlib), by the published
 * formulas: K-bar shapes, and rolling statistics over 5 to 60 bars relative to the row's close or volume. It is stricter:
 * a window that is not full, a division by zero volume, and a flat series give no value instead of a number that rests
 * on a constant of 1e-12; volume logarithms are ln(volume + 1), as published.
 */
export const basicFeatures: readonly BasicFeature[] = [
  { name: 'KMID', sql: '(c - o) / o', needs: ['open'] },
  { name: 'KLEN', sql: '(h - l) / o', needs: ohlc },
  { name: 'KMID2', sql: ofRange('c - o'), needs: ohlc },
  { name: 'KUP', sql: '(h - CASE WHEN o > c THEN o WHEN o <= c THEN c END) / o', needs: ohlc },
  { name: 'KUP2', sql: ofRange('h - CASE WHEN o > c THEN o WHEN o <= c THEN c END'), needs: ohlc },
  { name: 'KLOW', sql: '(CASE WHEN o < c THEN o WHEN o >= c THEN c END - l) / o', needs: ohlc },
  { name: 'KLOW2', sql: ofRange('CASE WHEN o < c THEN o WHEN o >= c THEN c END - l'), needs: ohlc },
  { name: 'KSFT', sql: '(2 * c - h - l) / o', needs: ohlc },
  { name: 'KSFT2', sql: ofRange('2 * c - h - l'), needs: ['high', 'low'] },
  ...each(windows, (d) => ({ name: `ROC${d}`, sql: `lag(c, ${d}) OVER s / c`, needs: [] })),
  ...each([5, 20, 60], (d) => ({ name: `MA${d}`, sql: `${over(d, 'avg(c)', 'c')} / c`, needs: [] })),
  ...each([5, 20, 60], (d) => ({ name: `STD${d}`, sql: `${over(d, 'stddev_samp(c)', 'c')} / c`, needs: [] })),
  ...each([5, 20, 60], (d) => ({ name: `BETA${d}`, sql: `${over(d, 'regr_slope(c, sn)', 'c')} / c`, needs: [] })),
  ...each([5, 20, 60], (d) => ({
    name: `RSQR${d}`,
    sql: overMoving(d, 'regr_r2(c, sn)', 'c'),
    needs: [],
  })),
  // The line's last value is the mean of the window plus its slope times half the window's length.
  ...each([5, 20], (d) => ({
    name: `RESI${d}`,
    sql: `(c - ${over(d, 'avg(c)', 'c')} - ${over(d, 'regr_slope(c, sn)', 'c')} * ${(d - 1) / 2}) / c`,
    needs: [],
  })),
  ...each([20, 60], (d) => ({ name: `MAX${d}`, sql: `${over(d, 'max(h)', 'h')} / c`, needs: ['high'] })),
  ...each([20, 60], (d) => ({ name: `MIN${d}`, sql: `${over(d, 'min(l)', 'l')} / c`, needs: ['low'] })),
  ...each([20], (d) => ({ name: `QTLU${d}`, sql: `${quantiles(d)}[2] / c`, needs: [] })),
  ...each([20], (d) => ({ name: `QTLD${d}`, sql: `${quantiles(d)}[1] / c`, needs: [] })),
  ...each([5, 20], (d) => ({
    name: `RSV${d}`,
    sql: `(c - ${over(d, 'min(l)', 'l')}) / nullif(${over(d, 'max(h)', 'h')} - ${over(d, 'min(l)', 'l')}, 0)`,
    needs: ['high', 'low'],
  })),
  ...each([20], (d) => ({ name: `CORR${d}`, sql: overMoving(d, 'corr(c, lv)', 'c', 'lv'), needs: ['volume'] })),
  ...each([20], (d) => ({ name: `CORD${d}`, sql: overMoving(d, 'corr(r, lr)', 'r', 'lr'), needs: ['volume'] })),
  ...each([20], (d) => ({ name: `CNTD${d}`, sql: over(d, 'avg(sign(r - 1))', 'r'), needs: [] })),
  ...each([20], (d) => ({
    name: `SUMD${d}`,
    sql: `${over(d, 'sum(dc)', 'dc')} / nullif(${over(d, 'sum(abs(dc))', 'dc')}, 0)`,
    needs: [],
  })),
  ...each([5, 20], (d) => ({ name: `VMA${d}`, sql: `${over(d, 'avg(v)', 'v')} / nullif(v, 0)`, needs: ['volume'] })),
  ...each([20], (d) => ({
    name: `VSTD${d}`,
    sql: `${over(d, 'stddev_samp(v)', 'v')} / nullif(v, 0)`,
    needs: ['volume'],
  })),
  ...each([20], (d) => ({
    name: `WVMA${d}`,
    sql: `${over(d, 'stddev_samp(abs(r - 1) * v)', 'r', 'v')} / nullif(${over(d, 'avg(abs(r - 1) * v)', 'r', 'v')}, 0)`,
    needs: ['volume'],
  })),
];

/** The basic features that these prices allow. */
export function availableBasicFeatures(prices: ReadonlySet<PriceName>): BasicFeature[] {
  return basicFeatures.filter((feature) => feature.needs.every((price) => prices.has(price)));
}

/** SQL of the features as DOUBLE columns f0, f1 …, one row a bar, with symbol and sn. */
export function basicFeatureQuery(features: readonly BasicFeature[]): string {
  const columns = features.map((feature, i) => `${feature.sql} AS f${i}`);
  const named = windows.map(
    (d) => `w${d} AS (PARTITION BY symbol ORDER BY sn ROWS BETWEEN ${d - 1} PRECEDING AND CURRENT ROW)`,
  );
  return `SELECT symbol, sn, ${columns.join(',\n  ')}
FROM (
  SELECT *, ln(v + 1) AS lv,
    c / lag(c) OVER p AS r, c - lag(c) OVER p AS dc, ln(v / nullif(lag(v) OVER p, 0) + 1) AS lr
  FROM bars WINDOW p AS (PARTITION BY symbol ORDER BY sn)
)
WINDOW s AS (PARTITION BY symbol ORDER BY sn), ${named.join(', ')}`;
}
