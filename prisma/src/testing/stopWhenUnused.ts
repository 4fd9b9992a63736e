/** Ends the tests' PostgreSQL and removes its folder once no client has been connected for a while. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { stopCluster } from '../postgres/cluster.ts';

const [directory, url] = process.argv.slice(2);
const probeEveryMs = 2000;
const unusedForMs = 20_000;

let usedAt = Date.now();
while (Date.now() - usedAt < unusedForMs) {
  await sleep(probeEveryMs);
  if (!existsSync(directory)) process.exit(0);
  const clients = await countClients();
  if (clients === null || clients > 0) usedAt = clients === null ? usedAt : Date.now();
}
// Whoever looks for it from here on finds none and makes another.
const ending = `${directory}.ending-${process.pid}`;
await rename(directory, ending);
await stopCluster(ending);
await rm(ending, { recursive: true, force: true });
process.exit(0);

/** @returns null where the server does not answer */
async function countClients(): Promise<number | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      "SELECT count(*)::int AS clients FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return rows[0].clients;
  } catch {
    return null;
  } finally {
    client.end().catch(() => {});
  }
}
