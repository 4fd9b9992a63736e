import { createHash } from 'node:crypto';
import { canonicalPlanJson } from '@twostage/core/plans/canonicalJson';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';

/** SHA-256 of a plan's canonical text, 64 hexadecimal digits: by it a plan is known, whoever keeps it. */
export const hashOfPlanText = (text: string): string => createHash('sha256').update(text).digest('hex');

export const hashOfPlan = (plan: MasterPlan): string => hashOfPlanText(canonicalPlanJson(plan));
