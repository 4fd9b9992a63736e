import { z } from 'zod';
import { familyIdSchema } from '../families/family.ts';

/** What of a job is not trained, and why, in one line for a person. */
export const planLeftOutSchema = z.object({
  /** Its job_id. */
  job: z.string(),
  /** Only this family of it; absent: all of the job. */
  family: familyIdSchema.optional(),
  /**
   * `blocked`: by the plan itself. `idle`: it names no family, such as that of a symbol which the model of all symbols serves.
   * `removed`: by what the run asks for, or what there is.
   */
  kind: z.enum(['blocked', 'idle', 'removed']),
  reason: z.string(),
});
export type PlanLeftOut = z.infer<typeof planLeftOutSchema>;
