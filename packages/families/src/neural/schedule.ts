import { assertNever } from '@twostage/core/errors';
import { z } from 'zod';

export const schedules = ['constant', 'cosine', 'warmupCosine'] as const;
export const scheduleSchema = z.enum(schedules);
export type Schedule = z.infer<typeof scheduleSchema>;

/** Share of the steps over which a warm-up rises. */
const warmupShare = 0.1;

/**
 * What the learning rate is multiplied by at a step: 1; a half cosine from 1 down towards 0 (Loshchilov & Hutter 2017, without
 * restarts); or that after a linear rise over the first tenth of the steps.
 * @param step 1-based
 */
export function learningRateScale(schedule: Schedule, step: number, totalSteps: number): number {
  switch (schedule) {
    case 'constant':
      return 1;
    case 'cosine':
      return halfCosine(step - 1, totalSteps);
    case 'warmupCosine': {
      const warmup = Math.max(1, Math.round(totalSteps * warmupShare));
      return step <= warmup ? step / warmup : halfCosine(step - warmup, totalSteps - warmup + 1);
    }
    default:
      return assertNever(schedule);
  }
}

function halfCosine(done: number, total: number): number {
  return 0.5 * (1 + Math.cos((Math.PI * done) / total));
}
