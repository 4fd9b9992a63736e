import { gzipSync } from 'node:zlib';
import { good, long, refusesBadInput, withLine } from '../testing/badInput.ts';

refusesBadInput('text', [
  {
    what: 'UTF-16 with a byte order mark',
    files: { 'AAA.csv': Buffer.from(`\uFEFF${good}`, 'utf16le') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: is UTF-16; UTF-8 text is expected$/,
  },
  {
    what: 'UTF-16 without one',
    files: { 'AAA.csv': Buffer.from(good, 'utf16le') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: is UTF-16 or no text at all; UTF-8 text is expected$/,
  },
  {
    what: 'Latin-1 in the header',
    files: { 'AAA.csv': Buffer.from(good.replace('Volume', 'Größe'), 'latin1') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: is not UTF-8 \(Latin-1\?\); UTF-8 text is expected$/,
  },
  {
    what: 'Latin-1 far down',
    files: { 'AAA.csv': Buffer.from(`${long}2099-01-01,é,1,1,1,1\n`, 'latin1') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 4002: is not UTF-8 \(Latin-1\?\); UTF-8 text is expected$/,
  },
  {
    what: 'a NUL byte',
    files: { 'AAA.csv': withLine(9, '2020-01-10,100,10\u00001,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9: holds a NUL byte; UTF-8 text is expected$/,
  },
  {
    what: 'a NUL byte far down',
    files: { 'AAA.csv': `${long}2099-01-01,100,101,99,10\u00000,1000\n` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 4002, column Close: expected a number, got "10\\u00000"$/,
  },
  {
    what: 'lines that end in a carriage return alone',
    files: { 'AAA.csv': good.replaceAll('\n', '\r') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: its lines end in a carriage return alone; LF or CRLF is expected$/,
  },
  {
    what: 'a packed file',
    files: { 'AAA.csv': gzipSync(good) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: (holds a NUL byte|is not UTF-8 \(Latin-1\?\)); UTF-8 text is expected$/,
  },
  {
    what: 'a line without end',
    files: { 'AAA.csv': `Date,Close,${'x'.repeat(3e5)}` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: the header is longer than 262144 bytes$/,
  },
  {
    what: 'a gigantic row',
    files: { 'AAA.csv': withLine(9, `2020-01-10,${'1'.repeat(3e6)},101,99,100,1000`) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9: a line of at most 2000000 bytes is expected, got a longer one$/,
  },
  {
    what: 'a quote that is never closed',
    files: { 'AAA.csv': withLine(9, '2020-01-10,"100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9: /,
  },
]);
