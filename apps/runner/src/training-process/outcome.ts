import type { Outcome, TrainingResult } from '@twostage/core/runs/training';

/** Why the parent stopped a child; the first cause stands. */
export type StopCause =
  | { readonly kind: 'cancel' }
  | { readonly kind: 'deadline'; readonly afterMs: number }
  | { readonly kind: 'memory'; readonly rssBytes: number; readonly capBytes: number }
  | { readonly kind: 'channel'; readonly message: string }
  /** Its result had come; it was slow to leave, or was hurried. */
  | { readonly kind: 'lingering' };

/** What is known of a child once it has been reaped. */
export interface ChildEnd {
  readonly stopCause: StopCause | null;
  readonly result: TrainingResult | null;
  /** The child's own account of its failure. */
  readonly failure: string | null;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its stderr: often the only word of a native library that gave up. */
  readonly lastStderrLine: string | null;
}

/** Signals that someone sends, as opposed to those that a fault of the program raises. */
const sentSignals: ReadonlySet<NodeJS.Signals> = new Set<NodeJS.Signals>([
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
]);

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** The typed end of a training. Pure: a table of what came → how it is called. */
export function outcomeOf(end: ChildEnd): Outcome {
  const { stopCause, result, failure, exitCode, signal } = end;
  const failed = (message: string): Outcome => ({ kind: 'failed', message, exitCode, signal });
  switch (stopCause?.kind) {
    case 'cancel':
      return { kind: 'cancelled' };
    case 'deadline':
      return { kind: 'timedOut', afterMs: stopCause.afterMs };
    case 'memory': {
      const message = `used ${megabytes(stopCause.rssBytes)}, more than its memory cap of ${megabytes(stopCause.capBytes)}`;
      return { kind: 'killed', reason: 'memory', signal: 'SIGKILL', message };
    }
    case 'channel':
      return failed(stopCause.message);
  }
  if (result && (exitCode === 0 || stopCause?.kind === 'lingering')) return { kind: 'completed', result };
  if (failure !== null) return failed(failure);
  const said = end.lastStderrLine ? `; last on stderr: ${end.lastStderrLine}` : '';
  if (signal !== null && sentSignals.has(signal)) {
    const who = signal === 'SIGKILL' ? 'by someone or by the system, as when memory runs out' : 'by someone';
    return { kind: 'killed', reason: 'signal', signal, message: `ended by ${signal}, sent ${who}` };
  }
  if (signal !== null) return failed(`crashed with ${signal}${said}`);
  if (result) return failed(`sent its result, then exited with code ${exitCode} in place of 0${said}`);
  if (exitCode === 0) return failed(`exited with code 0 without a result${said}`);
  return failed(`exited with code ${exitCode}${said}`);
}
