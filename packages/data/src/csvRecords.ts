import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@twostage/core/errors';

export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
  /** The first data records and the last one, so far as a glance at both ends of the file shows them. */
  readonly glimpse: readonly (readonly string[])[];
}

const delimiters = [',', ';', '\t', '|'] as const;
/** A header beyond these is no table of bars: reading it would cost more memory than its rows. */
const [longestHeaderBytes, mostColumns] = [1 << 18, 4096];
const glimpsedRecords = 16;
const tailBytes = 1 << 12;

/** Where a text of records lies. */
export interface CsvFile {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  readonly gzipped: boolean;
}

/**
 * The first record of a CSV file, and the delimiter that its text shows.
 * @throws DomainError BAD_FILE if the file cannot be read, is no UTF-8 text, or has no header, or one past all measure
 */
export async function readCsvHeader({ path, name, gzipped }: CsvFile): Promise<CsvHeader> {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new DomainError('BAD_FILE', `${name}${problem}`, { cause });
  };
  const handle = await open(path, 'r').catch((cause) =>
    refuse(`: cannot be read (${cause.code ?? cause.message})`, cause),
  );
  try {
    const { size } = await handle.stat();
    const unpacked = gzipped
      ? await unpackHead(path).catch((cause) => refuse(': is no gzip file, or a broken one', cause))
      : null;
    const head = unpacked?.head ?? (await readHead(handle));
    const isCut = unpacked?.isCut ?? head.length < size;
    const text = decodeUtf8(head, isCut, refuse);
    const [line, ...rest] = text.split(/\r?\n/, 2 + glimpsedRecords);
    if (text.trim() === '' && !isCut) refuse(': is empty; a header line is expected');
    if (line!.trim() === '') refuse(', line 1: is blank; a header line is expected');
    if (rest.length === 0 && isCut) refuse(`, line 1: the header is longer than ${longestHeaderBytes} bytes`);
    if (line!.includes('\r')) refuse(': its lines end in a carriage return alone; LF or CRLF is expected');
    const counts = delimiters.map((delimiter) => splitRecord(line!, delimiter).length);
    const delimiter = delimiters[counts.indexOf(Math.max(...counts))]!;
    const names = splitRecord(line!, delimiter);
    if (names.length > mostColumns)
      refuse(`, line 1: at most ${mostColumns} columns are expected, got ${names.length}`);
    // The end of a compressed file cannot be seen without all that stands before it.
    const tail = Buffer.alloc(gzipped ? 0 : Math.min(tailBytes, size));
    await handle.read({ buffer: tail, position: size - tail.length });
    const last = tail.toString('utf8').trimEnd().split(/\r?\n/).slice(1).at(-1);
    const lines = [...(isCut ? rest.slice(0, -1) : rest), ...(last === undefined ? [] : [last])];
    const glimpse = lines.map((each) => splitRecord(each, delimiter)).filter((each) => each.length === names.length);
    return { delimiter, names, glimpse };
  } finally {
    await handle.close();
  }
}

/** The text's beginning: no more than a header may be long is unpacked, however much there is. */
async function unpackHead(path: string): Promise<{ head: Buffer; isCut: boolean }> {
  const source = createReadStream(path);
  const text = source.pipe(createGunzip({ chunkSize: 1 << 14 }));
  source.on('error', (error) => text.destroy(error));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestHeaderBytes || (bytes >= 1 << 14 && chunk.includes(newline))) {
        return { head: Buffer.concat(chunks), isCut: true };
      }
    }
    return { head: Buffer.concat(chunks), isCut: false };
  } finally {
    source.destroy();
    text.destroy();
  }
}

/** Some kilobytes, or as much as a header may be long where they hold no whole line. */
async function readHead(handle: FileHandle): Promise<Buffer> {
  const first = async (bytes: number) => {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.allocUnsafe(bytes), position: 0 });
    return buffer.subarray(0, bytesRead);
  };
  const head = await first(1 << 14);
  return head.includes(newline) ? head : first(longestHeaderBytes);
}

function decodeUtf8(head: Buffer, isCut: boolean, refuse: (problem: string, cause?: unknown) => never): string {
  const expected = 'UTF-8 text is expected';
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) refuse(`: is UTF-16; ${expected}`);
  const nul = head.indexOf(0);
  const lineOf = (end: number) => head.subarray(0, end).toString('latin1').split('\n').length;
  if (nul === 0 || nul === 1) refuse(`: is UTF-16 or no text at all; ${expected}`);
  if (nul > 0) refuse(`, line ${lineOf(nul)}: holds a NUL byte; ${expected}`);
  try {
    // It may end within a character where it was cut; the byte order mark is dropped.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: isCut });
  } catch (cause) {
    const lines = head.toString('latin1').split('\n');
    const line =
      1 +
      lines.findIndex((each) => Buffer.from(Buffer.from(each, 'latin1').toString('utf8')).toString('latin1') !== each);
    return refuse(`, line ${line}: is not UTF-8 (Latin-1?); ${expected}`, cause);
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
export async function locateRecords(
  { path, gzipped }: Pick<CsvFile, 'path' | 'gzipped'>,
  ordinals: Iterable<number>,
): Promise<Map<number, LocatedRecord>> {
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
  const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
  const text = gzipped ? bytes.pipe(createGunzip({ chunkSize: 1 << 20 })) : bytes;
  for await (const chunk of text as AsyncIterable<Buffer>) {
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
