import type { Database } from '@twostage/prisma/client';

/** Whether the installation still waits for its first admin. Open to all: it tells nothing else. */
export async function setupStatus({ prisma }: { prisma: Database }): Promise<{ needsFirstAdmin: boolean }> {
  return { needsFirstAdmin: (await prisma.user.findFirst({ select: { id: true } })) === null };
}
