import { describe, expect, it } from 'vitest';
import {
  ago,
  bytes,
  clock,
  count,
  dateTime,
  day,
  decimal,
  duration,
  percent,
  plural,
  signed,
  significant,
} from './format.ts';

describe('figures', () => {
  it('writes a true minus and says where a figure is not known', () => {
    expect([decimal(-0.12345), decimal(0.5, 1), decimal(null), decimal(Number.NaN)]).toEqual([
      '−0.123',
      '0.5',
      '–',
      '–',
    ]);
    expect([signed(0.031, 3), signed(-0.031, 3), signed(0)]).toEqual(['+0.031', '−0.031', '0.000']);
    expect([decimal(-1e-9), signed(-1e-9), signed(1e-9), signed(-0.4, 0)]).toEqual(['0.000', '0.000', '0.000', '0']);
  });
  it('keeps four significant digits over many decades', () => {
    expect([0.98765, 123.456, 0.00012345, 12_345_678, 0, -2e-5].map((value) => significant(value))).toEqual([
      '0.9877',
      '123.5',
      '1.23e−4',
      '1.23e+7',
      '0.000',
      '−2.00e−5',
    ]);
  });
  it('percent, counts and plurals', () => {
    expect([percent(0.5312), count(93_612), plural(1, 'fold'), plural(3, 'family', 'families')]).toEqual([
      '53.1 %',
      '93,612',
      '1 fold',
      '3 families',
    ]);
  });
  it('bytes in binary units', () => {
    expect([0, 512, 1536, 1024 ** 2 * 1.5, 1024 ** 3 * 120, 1024 ** 2 - 1].map(bytes)).toEqual([
      '0 B',
      '512 B',
      '1.5 KiB',
      '1.5 MiB',
      '120 GiB',
      '1.0 MiB',
    ]);
  });
});

describe('time', () => {
  it('durations', () => {
    expect([0, 840, 4200, 59_960, 65_000, 7_380_000, 3_599_600, 273_600_000, -1, null].map(duration)).toEqual([
      '0 ms',
      '840 ms',
      '4.2 s',
      '1 m 00 s',
      '1 m 05 s',
      '2 h 03 m',
      '1 h 00 m',
      '3 d 4 h',
      '–',
      '–',
    ]);
  });
  it('moments', () => {
    const at = new Date(2026, 1, 3, 14, 3, 9);
    expect(clock(at)).toBe('14:03:09');
    expect(dateTime(at)).toBe('2026-02-03 14:03');
    expect(day('2026-02-03T00:00:00Z')).toBe('2026-02-03');
    expect(day('nonsense')).toBe('–');
  });
  it('how long ago, in one unit', () => {
    const now = Date.parse('2026-02-03T12:00:00Z');
    const back = (seconds: number) => ago(now - seconds * 1000, now);
    expect([3, 240, 3600 * 3, 86_400 * 2, 86_400 * 30].map(back)).toEqual([
      'just now',
      '4 min ago',
      '3 h ago',
      '2 d ago',
      '2026-01-04',
    ]);
  });
});
