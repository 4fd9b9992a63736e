import { z } from 'zod';

/** What is fitted, cheaply, to find out whether there is something to be found. */
export const probeIds = ['Ridge', 'LightGBM'] as const;
export type ProbeId = (typeof probeIds)[number];

const estimateSchema = z.object({ value: z.number().nullable(), standardError: z.number().nullable() });

/**
 * What one probe forecast out of sample, under purged and embargoed walk-forward folds. ICs are rank ICs: of all symbols, per bar
 * across them; of one symbol, over time within each fold. 0 where a forecast does not vary.
 */
export const probeEvidenceSchema = z.object({
  probe: z.enum(probeIds),
  /** With a standard error consistent with heteroscedasticity and autocorrelation (Newey & West). */
  ic: estimateSchema,
  byFold: z.array(z.number()),
  /** Of equal parts of the judged time, the earliest first. */
  byPeriod: z.array(z.number()),
  /** Of the two halves of the judged time. */
  early: z.number(),
  recent: z.number(),
  /** Out of sample, against the training mean. */
  r2: z.number().nullable(),
  /** The IC of the same procedure on the target shifted in time, shift by shift; the probes saw the same shifts in the same order. */
  shifted: z.array(z.number()),
});
export type ProbeEvidence = z.infer<typeof probeEvidenceSchema>;

const measuredSchema = z.object({
  kind: z.literal('measured'),
  /** Labelled rows, of them those judged, and label windows that share no bar. */
  rows: z.number().int(),
  judgedRows: z.number().int(),
  windows: z.number().int(),
  /** Bars with a label. */
  bars: z.number().int(),
  probes: z.array(probeEvidenceSchema).min(1),
});
const tooSmallSchema = z.object({
  kind: z.literal('tooSmall'),
  rows: z.number().int(),
  windows: z.number().int(),
  bars: z.number().int(),
  /** What is missing, as a part of a sentence. */
  why: z.string(),
});

export const pooledEvidenceSchema = z.discriminatedUnion('kind', [measuredSchema, tooSmallSchema]);
export type PooledEvidence = z.infer<typeof pooledEvidenceSchema>;
export type MeasuredEvidence = z.infer<typeof measuredSchema>;

const symbolPart = { symbol: z.string() };
export const symbolEvidenceSchema = z.discriminatedUnion('kind', [
  measuredSchema.extend({
    ...symbolPart,
    /** IC over time of the model of all symbols on this one's judged rows; null where there is no such model. */
    pooledIc: estimateSchema.nullable(),
    /** IC of its own best probe less that, on the same rows. */
    advantage: estimateSchema.nullable(),
  }),
  tooSmallSchema.extend(symbolPart),
]);
export type SymbolEvidence = z.infer<typeof symbolEvidenceSchema>;

/** All that is known of a target before it is routed. */
export interface TargetEvidence {
  readonly target: string;
  /** Bars ahead of the row's own that its label looks. */
  readonly labelBars: number;
  /** Features that know its future, a sentence each. */
  readonly leaks: readonly string[];
  readonly pooled: PooledEvidence;
  readonly symbols: readonly SymbolEvidence[];
  /** Rank correlation with every other target of the plan. */
  readonly correlations: readonly { readonly target: string; readonly correlation: number }[];
}
