import { type FeatureCheckAnswer, featureCheckSchema } from '@twostage/core/runs/featureCheck';
import { z } from 'zod';

/** What the launch form sends of the features a person wrote. */
export const requestFeatureCheckInput = featureCheckSchema.omit({ askedById: true });
export type RequestFeatureCheckInput = z.input<typeof requestFeatureCheckInput>;

export const featureCheckIdInput = z.object({ checkId: z.uuid() });

export interface FeatureCheckState {
  /** Null: no runner has answered yet. */
  answer: FeatureCheckAnswer | null;
}
