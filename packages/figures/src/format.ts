/** What stands where a figure is not known. */
export const unknown = '–';

const missing = (value: number | null | undefined): value is null | undefined =>
  value === null || value === undefined || !Number.isFinite(value);

/** Fixed decimals; a true minus sign, so that columns of signed figures line up. What is rounded to 0 has no sign. */
export function decimal(value: number | null | undefined, digits = 3): string {
  if (missing(value)) return unknown;
  const text = value.toFixed(digits);
  if (!text.startsWith('-')) return text;
  return Number(text) === 0 ? text.slice(1) : `−${text.slice(1)}`;
}

/** As `decimal`, with a plus before positive figures. */
export function signed(value: number | null | undefined, digits = 3): string {
  if (missing(value)) return unknown;
  const text = decimal(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** Four significant digits, scientific where the magnitude asks for it: losses span many decades. */
export function significant(value: number | null | undefined, digits = 4): string {
  if (missing(value)) return unknown;
  const magnitude = Math.abs(value);
  const text =
    magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e6)
      ? value.toExponential(digits - 2)
      : value.toPrecision(digits);
  return text.replaceAll('-', '−');
}

/** @param value share, 0.01 = 1 % */
export const percent = (value: number | null | undefined, digits = 1): string =>
  missing(value) ? unknown : `${decimal(value * 100, digits)} %`;

/** Thousands apart: 93,612. */
export const count = (value: number | null | undefined): string =>
  missing(value) ? unknown : Math.round(value).toLocaleString('en-US');

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** 840 ms, 4.2 s, 1 m 05 s, 2 h 03 m, 3 d 4 h. */
export function duration(ms: number | null | undefined): string {
  if (missing(ms) || ms < 0) return unknown;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** Binary units: 1.5 GiB. */
export function bytes(value: number | null | undefined): string {
  if (missing(value)) return unknown;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1023.95 && unit < units.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  return `${unit === 0 || scaled >= 99.95 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

type Moment = Date | number | string;
const two = (n: number) => String(n).padStart(2, '0');

/** ISO day in UTC: market data carry no time zone of the reader. */
export const day = (moment: Moment | null | undefined): string => {
  if (moment === null || moment === undefined) return unknown;
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? unknown : date.toISOString().slice(0, 10);
};

/** 14:03:59 of the reader's clock. */
export const clock = (moment: Moment): string => {
  const date = new Date(moment);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** 2026-02-03 14:03 of the reader's clock. */
export const dateTime = (moment: Moment | null | undefined): string => {
  if (moment === null || moment === undefined) return unknown;
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return unknown;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** How long ago, in one unit: "just now", "4 min ago", "3 h ago", "2 d ago", then the date. */
export function ago(moment: Moment | null | undefined, now: number): string {
  if (moment === null || moment === undefined) return unknown;
  const seconds = (now - new Date(moment).getTime()) / 1000;
  if (Number.isNaN(seconds)) return unknown;
  if (seconds < 45) return 'just now';
  if (seconds < 3570) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.round(seconds / 86_400)} d ago`;
  return day(moment);
}
