import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from './generated/client.ts';

export type Database = PrismaClient;
/** Inside `database.$transaction(async (tx) => …)`. */
export type Transaction = Prisma.TransactionClient;

export * from './generated/client.ts';

/** A client with a pool of its own; `$disconnect()` closes it. */
export function createDatabaseClient(url: string, options: { poolSize?: number; name?: string } = {}): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 8000,
    application_name: options.name ?? 'twostage',
  });
  return new PrismaClient({ adapter });
}
