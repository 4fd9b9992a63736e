import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { DomainError } from '@twostage/core/errors';

export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const delimiters = [',', ';', '\t', '|'] as const;

/**
 * The first record of a CSV file, and the delimiter that its text shows.
 * @param name for messages
 * @throws DomainError BAD_FILE if the file has no header
 */
export async function readCsvHeader(path: string, name: string): Promise<CsvHeader> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(1 << 16), position: 0 });
    const text = buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
    const line = text.split(/\r?\n/, 1)[0]!;
    if (line.trim() === '') throw new DomainError('BAD_FILE', `${name}: is empty; a header line is expected`);
    const counts = delimiters.map((delimiter) => splitRecord(line, delimiter).length);
    const delimiter = delimiters[counts.indexOf(Math.max(...counts))]!;
    return { delimiter, names: splitRecord(line, delimiter) };
  } finally {
    await handle.close();
  }
}

/** Fields of one record, quotes removed. */
export function splitRecord(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < record.length; i++) {
    const char = record[i]!;
    if (quoted) {
      if (char !== '"') field += char;
      else if (record[i + 1] === '"') field += record[++i];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === delimiter) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  fields.push(field);
  return fields;
}

export interface LocatedRecord {
  /** 1-based line of the file on which the record begins. */
  readonly line: number;
  readonly text: string;
}

const newline = 10;
const carriageReturn = 13;
const quote = 34;

/**
 * Finds data records by their ordinal (0 = the first after the header) as DuckDB counts them: empty lines are no
 * records, and a quoted field may hold line breaks.
 * @returns by ordinal; an ordinal past the end of the file is missing
 */
export async function locateRecords(path: string, ordinals: Iterable<number>): Promise<Map<number, LocatedRecord>> {
  const wanted = new Set(ordinals);
  const last = Math.max(...wanted);
  const located = new Map<number, LocatedRecord>();
  let line = 1;
  let startLine = 1;
  let ordinal = -1;
  let quoted = false;
  let bytesInRecord = 0;
  let kept: Buffer[] = [];

  const endRecord = () => {
    if (bytesInRecord > 0) {
      if (wanted.has(ordinal)) {
        const text = Buffer.concat(kept).toString('utf8').replace(/\r$/, '');
        located.set(ordinal, { line: startLine, text });
      }
      ordinal++;
    }
    kept = [];
    bytesInRecord = 0;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === quote) quoted = !quoted;
      if (byte === newline) {
        if (!quoted) {
          if (wanted.has(ordinal)) kept.push(chunk.subarray(from, i));
          endRecord();
          from = i + 1;
          startLine = line + 1;
          if (ordinal > last) return located;
        }
        line++;
      } else if (byte !== carriageReturn) bytesInRecord++;
    }
    if (wanted.has(ordinal)) kept.push(chunk.subarray(from));
  }
  endRecord();
  return located;
}
