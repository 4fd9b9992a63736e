/**
 * Runs tasks, at most `limit` at once, in their order. The first that fails stops the others, and is thrown when they have ended.
 * @param signal aborted: all are stopped; each says so in its own way
 */
export async function inParallel(
  limit: number,
  signal: AbortSignal,
  tasks: readonly ((stop: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  const worker = async () => {
    while (next < tasks.length && failure === null) {
      try {
        await tasks[next++]!(stop);
      } catch (error) {
        failure ??= { error };
        broken.abort('failed');
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker));
  if (failure !== null) throw (failure as { error: unknown }).error;
}
