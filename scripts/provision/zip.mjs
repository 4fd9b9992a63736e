/** Reads zip archives (a wheel is one), so that provisioning needs neither unzip nor Python. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const stored = 0;
const deflated = 8;

/**
 * Extracts chosen entries.
 * @param destinationOf entry name → path relative to `folder`, or undefined to leave the entry out
 * @returns the paths written, relative to `folder`
 * @throws Error if the file is no zip, needs zip64, or an entry ends short
 */
export async function extract(zipFile, folder, destinationOf) {
  const written = [];
  for (const entry of await entries(zipFile)) {
    const destination = entry.name.endsWith('/') ? undefined : destinationOf(entry.name);
    if (destination === undefined) continue;
    const target = path.join(folder, destination);
    if (!target.startsWith(folder + path.sep)) throw new Error(`${zipFile}: ${entry.name} points outside the archive`);
    await mkdir(path.dirname(target), { recursive: true });
    await extractEntry(zipFile, entry, target);
    written.push(destination);
  }
  return written;
}

/** The whole of one small entry as text, or undefined if there is none of that name. */
export async function readText(zipFile, matches, folder) {
  const [written] = await extract(zipFile, folder, (name) => (matches(name) ? 'entry.txt' : undefined));
  if (written === undefined) return undefined;
  const file = await open(path.join(folder, written));
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** The central directory (APPNOTE.TXT 4.3.12, 4.3.16). */
async function entries(zipFile) {
  const file = await open(zipFile);
  try {
    const { size } = await file.stat();
    const tailLength = Math.min(size, 65_557);
    const tail = await readAt(file, size - tailLength, tailLength);
    let end = tail.length - 22;
    while (end >= 0 && tail.readUInt32LE(end) !== endOfDirectory) end--;
    if (end < 0) throw new Error(`${zipFile} is not a zip archive`);
    const directoryBytes = tail.readUInt32LE(end + 12);
    const directoryOffset = tail.readUInt32LE(end + 16);
    if (directoryOffset === 0xffffffff) throw new Error(`${zipFile}: zip64 archives are not read`);
    const directory = await readAt(file, directoryOffset, directoryBytes);
    const found = [];
    for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === directoryEntry; ) {
      const nameLength = directory.readUInt16LE(at + 28);
      found.push({
        method: directory.readUInt16LE(at + 10),
        compressedBytes: directory.readUInt32LE(at + 20),
        bytes: directory.readUInt32LE(at + 24),
        headerOffset: directory.readUInt32LE(at + 42),
        name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      });
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return found;
  } finally {
    await file.close();
  }
}

async function extractEntry(zipFile, entry, target) {
  const file = await open(zipFile);
  // The local header's extra field may be longer than the directory's: its own lengths decide where the data begins.
  const header = await readAt(file, entry.headerOffset, 30).finally(() => file.close());
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const sink = createWriteStream(target);
  if (entry.bytes === 0) {
    sink.end();
    return;
  }
  const source = createReadStream(zipFile, { start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 20 });
  if (entry.method === stored) await pipeline(source, sink);
  else if (entry.method === deflated) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), sink);
  else throw new Error(`${zipFile}: ${entry.name} is packed by method ${entry.method}; 0 and 8 are read`);
  if (sink.bytesWritten !== entry.bytes) {
    throw new Error(`${zipFile}: ${entry.name} has ${sink.bytesWritten} bytes, its directory says ${entry.bytes}`);
  }
}

async function readAt(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length)
    throw new Error(`zip archive ends at ${position + bytesRead}, expected ${position + length}`);
  return buffer;
}
