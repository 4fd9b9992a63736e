import { z } from 'zod';

/** What a family's parameter may be set to. */
export const parameterValueSchema = z.union([z.number(), z.boolean(), z.string()]);
