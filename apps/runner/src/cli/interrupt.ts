import { exitCodes } from './usage.ts';

/**
 * Ctrl-C, TERM, a closed terminal or a closed pipe cancel in order; a second time this process leaves at once, and its
 * children with it, since they die with their parent.
 */
export function onInterrupt(announce: () => void): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort('cancel');
    announce();
  };
  const closedPipe = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!controller.signal.aborted) controller.abort('cancel');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  process.stdout.on('error', closedPipe);
  return {
    signal: controller.signal,
    end() {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
