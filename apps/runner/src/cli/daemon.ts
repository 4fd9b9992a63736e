/** `twostage daemon`. Ends this process itself: what is left open (a supervisor's pipe) must not keep it. */
export async function daemon(): Promise<never> {
  const { readDaemonOptions } = await import('../daemon/options.ts');
  const { runDaemon } = await import('../daemon/main.ts');
  await runDaemon(readDaemonOptions(process.env));
  process.exit(0);
}
