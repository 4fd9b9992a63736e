import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '@twostage/core/errors';
import { bytes as bytesText } from '@twostage/figures/format';
import type { UploadFile } from '../../contracts/uploads.ts';
import type { ServiceContext } from '../context.ts';
import { checkFileName, filesOf, partPrefix, uploadFolder, uploadLimits } from './uploadFolder.ts';
import { ownUpload } from './uploads.ts';

const parquetMagic = Buffer.from('PAR1');
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/**
 * Takes a file into an upload as it arrives, never whole in memory; one of the same name is replaced once the new one is whole.
 * Broken off or refused, it leaves nothing.
 * @throws DomainError as `ownUpload`; INVALID_INPUT for its name, its size, or what is in it
 */
export async function receiveFile(
  context: ServiceContext,
  { uploadId, name: given }: { uploadId: string; name: string },
  body: Readable,
  limits = uploadLimits,
): Promise<UploadFile> {
  await ownUpload(context, uploadId);
  const name = checkFileName(given);
  const folder = uploadFolder(context, uploadId);
  const others = (await filesOf(folder)).filter((file) => file.name !== name);
  if (others.length >= limits.files)
    throw new DomainError('INVALID_INPUT', `an upload has ${limits.files} files at most`, { field: 'name' });
  const left = limits.totalBytes - others.reduce((sum, { bytes }) => sum + bytes, 0);
  await mkdir(folder, { recursive: true });
  const part = path.join(folder, `${partPrefix}${crypto.randomUUID()}`);
  let bytes = 0;
  const refuse = (problem: string): never => {
    throw new DomainError('INVALID_INPUT', `${name} ${problem}`, { field: 'name' });
  };
  async function* checked() {
    // A refusal is to be read by who still sends: their connection is left as it is.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (bytes === 0) checkBeginning(name, chunk, refuse);
      bytes += chunk.length;
      if (bytes > limits.fileBytes)
        refuse(`is larger than ${bytesText(limits.fileBytes)}, which is the most a file may be`);
      if (bytes > left) refuse(`makes the upload larger than ${bytesText(limits.totalBytes)}`);
      yield chunk;
    }
  }
  // Open before anything can be refused: a stream that opens it itself may do so after it was removed.
  const file = await open(part, 'wx');
  try {
    await pipeline(checked, file.createWriteStream());
    if (bytes === 0) refuse('is empty');
    await rename(part, path.join(folder, name));
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new DomainError('CONFLICT', `${name}: the disk of the server is full`, { cause: error });
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET')
      throw new DomainError('CANCELLED', `${name}: the connection broke off`, { cause: error });
    throw error;
  }
  return { name, bytes };
}

/** What a file says of itself in its first bytes; the runner finds out the rest. */
function checkBeginning(name: string, chunk: Buffer, refuse: (problem: string) => never): void {
  const isParquet = /\.parquet$/i.test(name);
  const isGzip = /\.gz$/i.test(name);
  if (isParquet && !chunk.subarray(0, 4).equals(parquetMagic))
    refuse('is no Parquet file: it does not begin with PAR1');
  if (isGzip && !chunk.subarray(0, 2).equals(gzipMagic)) refuse('is no gzip file');
  if (isParquet || isGzip) return;
  if (chunk.subarray(0, 4).equals(parquetMagic)) refuse('is a Parquet file; name it .parquet');
  if (chunk.subarray(0, 2).equals(gzipMagic)) refuse('is a gzip file; name it .csv.gz');
  if (chunk.includes(0)) refuse('holds NUL bytes: UTF-8 text is expected');
}
