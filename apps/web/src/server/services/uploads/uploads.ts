import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { Prisma } from '@twostage/prisma/client';
import { datasetPreviewSchema } from '@twostage/core/runs/datasetPreview';
import type { z } from 'zod';
import type { acceptUploadInput, readUploadInput, Upload, UploadLimits } from '../../contracts/uploads.ts';
import { audit, demand, type ServiceContext } from '../context.ts';
import { parseInspection } from '../datasetRows.ts';
import {
  checkFileName,
  filesOf,
  readSaid,
  removeFolder,
  uploadFolder,
  uploadLimits,
  writeSaid,
} from './uploadFolder.ts';

const abandonedAfterMs = 24 * 3_600_000;

/** Begins an upload: a folder, and a dataset that nobody sees. Those that were left a day ago are removed. */
export async function beginUpload(context: ServiceContext): Promise<{ uploadId: string; limits: UploadLimits }> {
  const { actor, prisma } = context;
  demand(actor, { kind: 'dataset.register' });
  await removeAbandoned(context);
  const uploadId = await prisma.$transaction(async (tx) => {
    const { id } = await tx.dataset.create({
      data: {
        name: `upload ${crypto.randomUUID()}`,
        path: crypto.randomUUID(),
        accepted: false,
        createdById: actor.userId,
      },
      select: { id: true },
    });
    await tx.dataset.update({ where: { id }, data: { name: `upload ${id}`, path: uploadFolder(context, id) } });
    await audit(tx, actor.userId, 'upload.begin', `dataset:${id}`);
    return id;
  });
  await mkdir(uploadFolder(context, uploadId), { recursive: true });
  return { uploadId, limits: uploadLimits };
}

async function removeAbandoned(context: ServiceContext): Promise<void> {
  const before = new Date(Date.now() - abandonedAfterMs);
  const left = await context.prisma.dataset.findMany({
    where: { accepted: false, updatedAt: { lt: before } },
    select: { id: true },
  });
  for (const { id } of left) await remove(context, id, null);
}

/** An upload of this person's. @throws DomainError FORBIDDEN; NOT_FOUND, also where it is another's; CONFLICT once it is accepted */
export async function ownUpload({ actor, prisma }: ServiceContext, uploadId: string) {
  demand(actor, { kind: 'dataset.register' });
  const upload = await prisma.dataset.findUnique({ where: { id: uploadId } });
  const field = 'uploadId';
  if (!upload || (upload.createdById !== actor.userId && actor.role !== 'admin'))
    throw new DomainError('NOT_FOUND', `there is no upload ${uploadId} of yours`, { field });
  if (upload.accepted) throw new DomainError('CONFLICT', `this upload was accepted, as ${upload.name}`, { field });
  return upload;
}

/** @throws DomainError FORBIDDEN, NOT_FOUND, CONFLICT */
export async function getUpload(context: ServiceContext, { uploadId }: { uploadId: string }): Promise<Upload> {
  const upload = await ownUpload(context, uploadId);
  const folder = uploadFolder(context, uploadId);
  const inspection = upload.status === 'ready' ? parseInspection(upload.inspection) : null;
  return {
    ...{ id: upload.id, createdAt: upload.createdAt, reason: upload.reason },
    state: upload.readAskedAt === null ? 'open' : upload.status,
    files: await filesOf(folder),
    preview: upload.preview === null ? null : datasetPreviewSchema.parse(upload.preview),
    quality: inspection?.quality ?? null,
    symbols: inspection?.symbols ?? [],
    said: await readSaid(folder),
  };
}

/** Has a runner read what was uploaded, with what this person says of its columns. @throws DomainError as `ownUpload`; INVALID_INPUT without a file */
export async function readUpload(
  context: ServiceContext,
  { uploadId, ...said }: z.output<typeof readUploadInput>,
): Promise<void> {
  await ownUpload(context, uploadId);
  const folder = uploadFolder(context, uploadId);
  if ((await filesOf(folder)).length === 0)
    throw new DomainError('INVALID_INPUT', 'there is no file to read yet', { field: 'uploadId' });
  await writeSaid(folder, said);
  await context.prisma.$transaction(async (tx) => {
    await tx.dataset.update({
      where: { id: uploadId },
      data: { status: 'inspecting', reason: null, inspection: Prisma.DbNull, readAskedAt: new Date() },
    });
    await context.queue.enqueueInspection(tx, uploadId);
    await audit(tx, context.actor.userId, 'upload.read', `dataset:${uploadId}`, { columns: said.columns as object });
  });
}

/** @throws DomainError as `ownUpload`; NOT_FOUND where it has no such file */
export async function removeUploadedFile(
  context: ServiceContext,
  { uploadId, name }: { uploadId: string; name: string },
): Promise<void> {
  await ownUpload(context, uploadId);
  const file = path.join(uploadFolder(context, uploadId), checkFileName(name));
  await rm(file).catch(() => {
    throw new DomainError('NOT_FOUND', `the upload has no file ${name}`, { field: 'name' });
  });
}

/** What was read becomes a dataset that everybody sees. @throws DomainError as `ownUpload`; CONFLICT where it is not read, or the name is taken */
export async function acceptUpload(
  context: ServiceContext,
  { uploadId, name }: z.output<typeof acceptUploadInput>,
): Promise<{ datasetId: string }> {
  const { actor, prisma } = context;
  const upload = await ownUpload(context, uploadId);
  if (upload.status !== 'ready')
    throw new DomainError(
      'CONFLICT',
      upload.status === 'refused' ? `it cannot be read: ${upload.reason}` : 'it has not been read by a runner yet',
      { field: 'uploadId' },
    );
  try {
    await prisma.$transaction(async (tx) => {
      const { count } = await tx.dataset.updateMany({
        where: { id: uploadId, accepted: false, status: 'ready' },
        data: { name, accepted: true, preview: Prisma.DbNull },
      });
      if (count === 0) throw new DomainError('CONFLICT', 'it was changed just now', { field: 'uploadId' });
      await audit(tx, actor.userId, 'upload.accept', `dataset:${uploadId}`, { name });
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
      throw new DomainError('CONFLICT', `a dataset named "${name}" exists already`, { field: 'name' });
    throw error;
  }
  return { datasetId: uploadId };
}

/** Removes an upload with all its files. @throws DomainError as `ownUpload` */
export async function discardUpload(context: ServiceContext, { uploadId }: { uploadId: string }): Promise<void> {
  await ownUpload(context, uploadId);
  await remove(context, uploadId, context.actor.userId);
}

async function remove(context: ServiceContext, id: string, actorId: string | null): Promise<void> {
  await context.prisma.$transaction(async (tx) => {
    const { count } = await tx.dataset.deleteMany({ where: { id, accepted: false } });
    if (count > 0) await audit(tx, actorId, 'upload.discard', `dataset:${id}`);
  });
  await removeFolder(uploadFolder(context, id));
}
