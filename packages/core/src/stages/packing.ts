import type { FamilyDefinition } from '../families/family.ts';

export interface PendingTraining {
  readonly id: string;
  readonly threads: FamilyDefinition['threads'];
  /** Roughly, in any unit, next to the others of the stage: the longest start first. */
  readonly cost: number;
  /** Higher starts first, whatever it costs; absent: 0. */
  readonly priority?: number;
}

export interface Start {
  readonly id: string;
  readonly threads: number;
}

export interface PackingInput {
  /** In the order of the plan. */
  readonly pending: readonly PendingTraining[];
  readonly running: readonly Start[];
  /** Threads that all trainings together may have, at least 1. */
  readonly cores: number;
  /** Trainings that may run beside each other, at least 1: what memory allows. */
  readonly most: number;
  /** Off: one after another in the order of the plan, each with all the threads it can use. */
  readonly packing: boolean;
}

/**
 * What starts now, beside what is running. Pure.
 *
 * Packed, a higher priority starts first. Of equal ones, a family whose last digits depend on its threads comes first and has every core to itself. Then the longest start first: one thread each for
 * those that can't use more; the others share what these leave, two at a time where more wait, because two trainings on half
 * of the cores end before one after another on all of them. None begins with less than a quarter of the cores: it could not
 * be given more later.
 * @returns at least one start where nothing runs and something is pending
 */
export function nextStarts({ pending, running, cores, most, packing }: PackingInput): Start[] {
  if (!packing) return running.length > 0 ? [] : pending.slice(0, 1).map((first) => aloneOn(cores, first));
  const [first] = pending.filter(({ threads }) => threads === 'fixed').sort((a, b) => urgency(b) - urgency(a));
  const waiting = pending
    .filter((training) => training.threads !== 'fixed' && (!first || urgency(training) >= urgency(first)))
    .sort((a, b) => urgency(b) - urgency(a) || b.cost - a.cost);
  const before = waiting[0] === undefined || !first || urgency(waiting[0]) === urgency(first);
  if (first && running.length === 0 && before) return [aloneOn(cores, first)];
  const starts: Start[] = [];
  let free = running.reduce((left, { threads }) => left - threads, cores);
  while (free > 0 && running.length + starts.length < most) {
    const slots = most - running.length - starts.length;
    const at = waiting.findIndex((training) => shareOf(training, waiting, { free, slots, cores }) > 0);
    if (at < 0) break;
    const threads = shareOf(waiting[at]!, waiting, { free, slots, cores });
    starts.push({ id: waiting[at]!.id, threads });
    waiting.splice(at, 1);
    free -= threads;
  }
  return starts;
}

const urgency = ({ priority }: PendingTraining): number => priority ?? 0;

const aloneOn = (cores: number, { id, threads }: PendingTraining): Start => ({
  id,
  threads: threads === 'one' ? 1 : cores,
});

/** Threads that it would get now; 0: it waits. */
function shareOf(
  training: PendingTraining,
  waiting: readonly PendingTraining[],
  { free, slots, cores }: { free: number; slots: number; cores: number },
): number {
  if (training.threads === 'one') return 1;
  const others = waiting.filter((other) => other !== training);
  const single = others.filter(({ threads }) => threads === 'one').length;
  const share = free - Math.min(single, slots - 1, free - 1);
  const half = others.length > single && slots > 1 ? Math.ceil(cores / 2) : cores;
  const threads = Math.min(share, half);
  return threads >= Math.max(1, Math.floor(cores / 4)) ? threads : 0;
}
