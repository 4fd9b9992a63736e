/** Maps data onto 0 … 1 along an axis, with round places to write at. */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'time';
  readonly low: number;
  readonly high: number;
  /** NaN where a logarithmic axis has no place for the value. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Finite extent of the values; null where there is none. */
export function extent(values: Iterable<number | null>): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/**
 * @param most ticks at most, about
 * @param whole ticks at whole numbers only: steps, counts
 */
export function linearScale([low, high]: readonly [number, number], most: number, whole = false): Scale {
  const [from, to] = low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high];
  const step = Math.max(whole ? 1 : 0, roundStep((to - from) / Math.max(1, most)));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++) {
    ticks.push({ at: n * step, label: numberLabel(n * step, decimals) });
  }
  return { kind: 'linear', low: from, high: to, at: (value) => (value - from) / (to - from), ticks };
}

/** Over positive values; ticks at powers of ten, and between them where there are few. */
export function logScale([low, high]: readonly [number, number], most: number): Scale {
  const [from, to] = low === high ? [low / 2, high * 2] : [low, high];
  const [a, b] = [Math.log10(from), Math.log10(to)];
  const decades = Math.floor(b) - Math.ceil(a) + 1;
  const every = Math.max(1, Math.ceil(decades / Math.max(1, most)));
  const within = decades <= 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let power = Math.floor(a); power <= Math.ceil(b); power++) {
    if (power % every !== 0) continue;
    for (const digit of within) {
      const at = digit * 10 ** power;
      if (at >= from * (1 - 1e-9) && at <= to * (1 + 1e-9)) {
        ticks.push({ at, label: numberLabel(at, Math.max(0, -power)) });
      }
    }
  }
  return {
    kind: 'log',
    low: from,
    high: to,
    at: (value) => (value > 0 ? (Math.log10(value) - a) / (b - a) : Number.NaN),
    ticks,
  };
}

const dayMs = 86_400_000;

/** Over epoch milliseconds, in UTC as the data are: ticks at firsts of years, months or days. */
export function timeScale([low, high]: readonly [number, number], most: number): Scale {
  const [from, to] = low === high ? [low - dayMs, high + dayMs] : [low, high];
  return {
    kind: 'time',
    low: from,
    high: to,
    at: (value) => (value - from) / (to - from),
    ticks: timeTicks(from, to, most),
  };
}

const monthSteps = [1, 3, 6, 12, 24, 60, 120, 240];

function timeTicks(from: number, to: number, most: number): Tick[] {
  const months = (to - from) / (dayMs * 30.44);
  if (months < 3) {
    const step = dayMs * Math.max(1, Math.ceil((to - from) / dayMs / Math.max(1, most)));
    const ticks: Tick[] = [];
    for (let at = Math.ceil(from / dayMs) * dayMs; at <= to; at += step) {
      ticks.push({ at, label: new Date(at).toISOString().slice(5, 10) });
    }
    return ticks;
  }
  const step = monthSteps.find((size) => months / size <= most) ?? 480;
  const first = new Date(from);
  const ticks: Tick[] = [];
  const start = first.getUTCFullYear() * 12 + first.getUTCMonth();
  for (let month = Math.ceil(start / step) * step; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at > to) return ticks;
    if (at < from) continue;
    const year = String(Math.floor(month / 12));
    ticks.push({ at, label: step >= 12 ? year : `${year}-${String((month % 12) + 1).padStart(2, '0')}` });
  }
}

/** 1, 2 or 5 times a power of ten, not below `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

function numberLabel(value: number, decimals: number): string {
  const magnitude = Math.abs(value);
  const text =
    magnitude !== 0 && (magnitude < 0.99e-4 || magnitude >= 1e6)
      ? value.toExponential(1).replace('.0e', 'e')
      : value.toFixed(Math.min(6, decimals));
  return text.replaceAll('-', '−');
}
