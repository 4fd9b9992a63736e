const yearMs = 365.25 * 86_400_000;
/** Months, weeks, trading days, days. */
const customary = [12, 52, 252, 365];

/**
 * Bars in a year, for annualising: as many as the calendar has, and the customary number where that is within 4 % of it.
 * @param times [bars], epoch milliseconds, ascending
 * @returns 252 with fewer than two bars
 */
export function barsPerYearOf(times: ArrayLike<number>): number {
  const spanMs = times[times.length - 1]! - times[0]!;
  if (!(spanMs > 0)) return 252;
  const counted = ((times.length - 1) / spanMs) * yearMs;
  return customary.find((bars) => Math.abs(counted / bars - 1) < 0.04) ?? counted;
}
