import { migrate } from './migrate.ts';
import { installQueue } from './queue.ts';

/** Tables of ours and of the job queue, made or brought up to date. Any number may run at once. */
export async function prepareDatabase(url: string): Promise<{ applied: string[] }> {
  const applied = await migrate(url);
  await installQueue(url);
  return { applied };
}
