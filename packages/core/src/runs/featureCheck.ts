import { z } from 'zod';
import { featureSetSchema } from './config.ts';
import { featureExpressionsSchema } from './featureExpressions.ts';

/** Whether a dataset's bars allow these features, asked of a runner: only there is what reads SQL. */
export const featureCheckSchema = z.object({
  datasetId: z.string().min(1),
  /** Whoever asked, and may read the answer. */
  askedById: z.string(),
  /** Its names are taken. */
  features: featureSetSchema,
  expressions: featureExpressionsSchema,
});
export type FeatureCheck = z.infer<typeof featureCheckSchema>;

export const featureCheckAnswerSchema = z.discriminatedUnion('kind', [
  /** What is wrong with each expression that cannot be a feature. */
  z.object({
    kind: z.literal('checked'),
    faults: z.array(z.object({ name: z.string(), message: z.string() })),
    /** On whose bars they were tried. */
    symbols: z.array(z.string()),
  }),
  /** The data could not be read. */
  z.object({ kind: z.literal('refused'), message: z.string() }),
]);
export type FeatureCheckAnswer = z.infer<typeof featureCheckAnswerSchema>;
