import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { type DatasetDescription, datasetDescriptionSchema } from '@twostage/core/runs/datasetDescription';
import type { UploadFile, UploadLimits } from '../../contracts/uploads.ts';
import type { ServiceContext } from '../context.ts';

const gibibyte = 2 ** 30;
export const uploadLimits: UploadLimits = { fileBytes: 2 * gibibyte, totalBytes: 16 * gibibyte, files: 5000 };

/** Data that a person brought lie in the first data root, a folder an upload; there they stay once they are accepted. */
export const uploadFolder = ({ dataRoots }: Pick<ServiceContext, 'dataRoots'>, uploadId: string): string =>
  path.join(dataRoots[0]!, 'uploads', uploadId);

/** A file that is still arriving. */
export const partPrefix = '.part-';
const dataFile = /^[^/\\.][^/\\]*\.(csv|tsv|csv\.gz|tsv\.gz|parquet)$/i;

/** @throws DomainError INVALID_INPUT where a file of that name is not taken */
export function checkFileName(name: string): string {
  const refuse = (problem: string): never => {
    throw new DomainError('INVALID_INPUT', `${JSON.stringify(name.slice(0, 120))} ${problem}`, { field: 'name' });
  };
  if (/[/\\]/.test(name)) refuse('names a folder; a file name alone is expected');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) refuse('holds a control character');
  if (Buffer.byteLength(name) > 255) refuse('is longer than 255 bytes');
  if (!dataFile.test(name)) refuse('is no file of data; .csv, .tsv, .csv.gz, .tsv.gz or .parquet is expected');
  return name;
}

export async function filesOf(folder: string): Promise<UploadFile[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => dataFile.test(name)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(path.join(folder, name))).size })));
}

const descriptionPath = (folder: string) => path.join(folder, 'dataset.json');

export type Said = Pick<DatasetDescription, 'columns' | 'ignore' | 'timeZone'>;

export async function readSaid(folder: string): Promise<Said> {
  const text = await readFile(descriptionPath(folder), 'utf8').catch(() => '{}');
  const { columns, ignore, timeZone } = datasetDescriptionSchema.parse(JSON.parse(text));
  return { columns, ignore, ...(timeZone !== undefined && { timeZone }) };
}

export async function writeSaid(folder: string, said: Said): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(descriptionPath(folder), `${JSON.stringify(said, null, 2)}\n`);
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
