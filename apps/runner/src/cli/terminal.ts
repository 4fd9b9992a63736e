import path from 'node:path';
import pc from 'picocolors';

export const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** On one line, but for a list: lines that are indented by two spaces stay. */
export const printError = (message: string): void => {
  process.stderr.write(`${pc.red('error:')} ${message.replaceAll(/\s*\n(?! {2}\S)\s*/g, ' ')}\n`);
};

/** `1h 02m`, `3m 20s`, `12.3s` */
export function duration(ms: number | null): string {
  if (ms === null) return '';
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
}

export function bytes(count: number | null): string {
  if (count === null) return '';
  const megabytes = count / 2 ** 20;
  return megabytes < 1024 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

export const count = (value: number): string => value.toLocaleString('en-US');

/** A figure of a table: empty where it is not defined, never in more digits than say something. */
export function figure(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return '';
  if (value !== 0 && Math.abs(value) < 10 ** -digits) return value.toExponential(1);
  return value.toFixed(digits);
}

/** Four digits that count, whatever the magnitude. */
export const significant = (value: number | null): string =>
  value === null ? '' : String(Number(value.toPrecision(4)));

/** As a person in the working directory would type it. */
export function shownPath(file: string): string {
  const relative = path.relative('', file);
  if (relative === '') return '.';
  return relative.startsWith('..') ? path.resolve(file) : relative;
}
