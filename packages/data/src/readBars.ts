import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Database } from './database.ts';
import { checkGzip } from './gzipFiles.ts';
import { type LoadedBars, loadBars } from './loadBars.ts';
import type { Source } from './openSource.ts';
import { compareText } from './symbolNames.ts';

/** Big reads: the hash, not the call, is what takes time. */
const chunkBytes = 1 << 20;

/** Reads the bars of a source, and beside it (DuckDB has threads of its own) hashes the files that they come from. */
export async function readBars(db: Database, source: Source): Promise<{ loaded: LoadedBars; contentHash: string }> {
  const stop = new AbortController();
  const hashing = hashFiles(source.files, stop.signal);
  // Awaited below unless reading fails, and then that is what is said.
  hashing.catch(() => {});
  try {
    const loaded = await loadBars(db, source);
    return { loaded, contentHash: await hashing };
  } finally {
    stop.abort();
  }
}

/**
 * SHA-256 over name, size and content of each file, by name. Whoever holds the same files under the same names has the same,
 * wherever the folder lies.
 */
async function hashFiles(files: Source['files'], signal: AbortSignal): Promise<string> {
  const whole = createHash('sha256');
  for (const { name, path, gzipped } of [...files].sort((a, b) => compareText(a.name, b.name))) {
    if (gzipped) await checkGzip({ name, path }, signal);
    const own = createHash('sha256');
    const stream = createReadStream(path, { highWaterMark: chunkBytes });
    await pipeline(stream, own, { signal });
    whole.update(`${name}\n${stream.bytesRead}\n${own.digest('hex')}\n`);
  }
  return whole.digest('hex');
}
