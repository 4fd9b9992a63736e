import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@twostage/core/errors';

/** DuckDB's own limit for text that is not compressed. */
const longestLineBytes = 2_097_152;
const newline = 10;

/**
 * Unpacks a file of text once, keeping nothing: DuckDB takes one that is cut off for whole, and a line without an end for a record.
 * @throws DomainError BAD_FILE where it is broken or cut off, or has a line past all measure
 */
export async function checkGzip({ path, name }: { path: string; name: string }, signal: AbortSignal): Promise<void> {
  const source = createReadStream(path, { highWaterMark: 1 << 20, signal });
  const text = source.pipe(createGunzip({ chunkSize: 1 << 18 }));
  source.on('error', (error) => text.destroy(error));
  let line = 1;
  let bytes = 0;
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        line++;
        bytes = 0;
        from = end + 1;
      }
      bytes += chunk.length - from;
      if (bytes > longestLineBytes) throw lineTooLong(name, line);
    }
  } catch (cause) {
    if (cause instanceof DomainError || signal.aborted) throw cause;
    const reason = (cause as Error).message;
    throw new DomainError('BAD_FILE', `${name}: is a broken gzip file, or one that was cut off: ${reason}`, { cause });
  } finally {
    source.destroy();
    text.destroy();
  }
}

const lineTooLong = (name: string, line: number) =>
  new DomainError(
    'BAD_FILE',
    `${name}, line ${line}: a line of at most ${longestLineBytes} bytes is expected, got a longer one`,
  );
