import { DomainError } from '@twostage/core/errors';
import { Prisma } from '@twostage/prisma/client';
import type { z } from 'zod';
import type { registerDatasetInput } from '../contracts/datasets.ts';
import { audit, demand, type ServiceContext } from './context.ts';
import { underDataRoot } from './dataRoots.ts';

/**
 * Registers a folder and asks a runner to read it; until it has, no run can use it.
 * @throws DomainError FORBIDDEN, PATH_OUTSIDE_ROOTS; CONFLICT where the name or the folder is registered already
 */
export async function registerDataset(
  context: ServiceContext,
  { name, path }: z.output<typeof registerDatasetInput>,
): Promise<{ id: string }> {
  demand(context.actor, { kind: 'dataset.register' });
  const folder = await underDataRoot(path, context.dataRoots);
  try {
    return await context.prisma.$transaction(async (tx) => {
      await refuseTaken(context, name, folder);
      const dataset = await tx.dataset.create({
        data: { name, path: folder, createdById: context.actor.userId },
        select: { id: true },
      });
      await audit(tx, context.actor.userId, 'dataset.register', `dataset:${dataset.id}`, { name, path: folder });
      await context.queue.enqueueInspection(tx, dataset.id);
      return dataset;
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      throw new DomainError('CONFLICT', 'a dataset of this name or folder was registered just now', { field: 'name' });
    }
    throw error;
  }
}

async function refuseTaken({ prisma }: ServiceContext, name: string, folder: string): Promise<void> {
  const taken = await prisma.dataset.findFirst({ where: { OR: [{ name }, { path: folder }] } });
  if (!taken) return;
  throw taken.name === name
    ? new DomainError('CONFLICT', `a dataset named "${name}" exists already`, { field: 'name' })
    : new DomainError('CONFLICT', `this folder is registered already, as "${taken.name}"`, { field: 'path' });
}
