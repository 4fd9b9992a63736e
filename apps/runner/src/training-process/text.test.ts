import { describe, expect, it } from 'vitest';
import { cleanLine, isBanner, LineSplitter, LineThrottle } from './text.ts';

describe('cleanLine', () => {
  it.each([
    ['\u001b[31mred\u001b[39m', 'red'],
    ['a\u0000b\u0007c\td', 'abc\td'],
    ['half \ud83d pair', 'half \ufffd pair'],
    ['whole 😀 pair', 'whole 😀 pair'],
  ])('%j → %j', (raw, clean) => expect(cleanLine(raw)).toBe(clean));

  it('cuts a long line, never within a surrogate pair', () => {
    const line = cleanLine(`${'x'.repeat(1999)}😀${'y'.repeat(500)}`);
    expect(line).toBe(`${'x'.repeat(1999)}… (2,501 characters)`);
  });
});

describe('isBanner', () => {
  it.each([
    ['WARNING: All log messages before absl::InitializeLog() is called are written to STDERR', true],
    ['I0000 00:00:1795493199.03 3232 port.cc:153] oneDNN custom operations are on. You may see slightly …', true],
    ['W0000 00:00:1795493199.03 3232 cuda.cc:9] no device', false],
    ['', false],
  ])('%s: %s', (line, banner) => expect(isBanner(line)).toBe(banner));
});

describe('LineSplitter', () => {
  const split = (chunks: string[], maxHeld?: number) => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line), maxHeld);
    for (const chunk of chunks) splitter.push(chunk);
    splitter.end();
    return lines;
  };
  it('joins what was cut between chunks and takes every kind of line end', () => {
    expect(split(['on', 'e\ntw', 'o\r\nthree\rfour'])).toEqual(['one', 'two', 'three', 'four']);
  });
  it('holds a bounded piece of a line that never ends', () => {
    expect(split(['aaa', 'bbb', 'ccc'], 5)).toEqual(['aaabbb', 'ccc']);
  });
});

describe('LineThrottle', () => {
  it('lets a burst through, then the rate, and counts what it left out', () => {
    let now = 0;
    const lines: string[] = [];
    const throttle = new LineThrottle(
      (line) => lines.push(line),
      'stdout.log',
      () => now,
      3,
      1,
    );
    for (let i = 1; i <= 10; i++) throttle.push(`line ${i}`);
    now = 1000;
    throttle.push('later');
    throttle.push('too soon');
    throttle.end();
    expect(lines).toEqual([
      'line 1',
      'line 2',
      'line 3',
      '… 7 lines left out here; see stdout.log',
      'later',
      '… 1 lines left out here; see stdout.log',
    ]);
  });
});
