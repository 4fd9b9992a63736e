import type { Database } from './database.ts';

const dayMs = 86_400_000;

/** The most common step of a calendar in words: `1d`, `5m`, `1h`, `1w`, `1mo`; `unknown` with fewer than two bars. */
export function inferInterval(times: ArrayLike<number>): string {
  const counts = new Map<number, number>();
  for (let i = 1; i < times.length; i++) {
    const step = times[i]! - times[i - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  let step = 0;
  for (const [each, count] of counts) {
    const best = counts.get(step) ?? 0;
    if (count > best || (count === best && each < step)) step = each;
  }
  return step === 0 ? 'unknown' : stepName(step);
}

function stepName(stepMs: number): string {
  if (stepMs >= 28 * dayMs && stepMs <= 31 * dayMs) return '1mo';
  const units: [name: string, ms: number][] = [
    ['w', 7 * dayMs],
    ['d', dayMs],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ];
  const [name, ms] = units.find(([, unitMs]) => stepMs >= unitMs && stepMs % unitMs === 0) ?? ['ms', 1];
  return `${stepMs / ms}${name}`;
}

/** `2017-07-31` for a midnight in UTC, else the whole timestamp. */
export function shortTime(ms: number): string {
  const iso = new Date(ms).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso;
}

/** Stretches of a daily calendar in which no symbol has a bar, longer than any holiday. */
export function emptyStretches(times: ArrayLike<number>, interval: string): { from: number; to: number }[] {
  if (interval !== '1d') return [];
  const stretches: { from: number; to: number }[] = [];
  for (let i = 1; i < times.length; i++) {
    if (times[i]! - times[i - 1]! > 6 * dayMs) stretches.push({ from: times[i - 1]!, to: times[i]! });
  }
  return stretches;
}

/** [bars], epoch milliseconds UTC, ascending: the calendar that `loadBars` made. */
export async function readCalendar(db: Database): Promise<Float64Array> {
  const times = await db.rows<{ t: number }>('SELECT t FROM calendar ORDER BY bar');
  return Float64Array.from(times, ({ t }) => t / 1000);
}
