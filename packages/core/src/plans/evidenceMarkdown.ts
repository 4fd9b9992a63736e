import { z } from 'zod';
import { pText } from './judgeEvidence.ts';
import { type MasterPlan, routeSchema } from './masterPlan.ts';
import { planPolicySchema } from './policy.ts';

/** A row of `summary.ranking`, as a plan that was built of evidence has it. */
export const rankingRowSchema = z.object({
  target: z.string(),
  label_bars: z.number(),
  /** How far the clearest evidence stands out of chance, in standard deviations of what chance finds. */
  strength: z.number(),
  /** Of "there is nothing in this target, for all symbols or for any"; null where nothing could be tested. */
  p: z.number().nullable(),
  /** Of all symbols together. */
  route: routeSchema,
  symbols_symbol_specific: z.number().int(),
  symbols_both: z.number().int(),
  symbols_experimental: z.number().int(),
  reason: z.string(),
});
export type RankingRow = z.infer<typeof rankingRowSchema>;

const ofEvidence = z.object({
  metadata: z.object({ policy: planPolicySchema }),
  summary: z.object({ ranking: z.array(rankingRowSchema) }),
});

/** The ranking, and how its figures are to be read; empty for a plan that was not built of evidence. */
export function evidenceLines(
  plan: MasterPlan,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string[],
): string[] {
  const read = ofEvidence.safeParse(plan);
  if (!read.success) return [];
  const { policy } = read.data.metadata;
  const { ranking } = read.data.summary;
  const percent = `${Number((100 * policy.falseDiscoveryRate).toPrecision(3))} %`;
  return [
    '',
    '## Targets, the most predictable first',
    '',
    ...table(
      ['Target', 'All symbols', 'Symbols with models of their own', 'For experiments', 'p'],
      ranking.map((row) => [
        row.target,
        row.route,
        String(row.symbols_symbol_specific + row.symbols_both),
        String(row.symbols_experimental),
        row.p === null ? 'not tested' : pText(row.p).replace(/^= /, ''),
      ]),
    ),
    '',
    '## How to read the reasons',
    '',
    `- **IC**: rank correlation of forecast and outcome, out of sample, over ${policy.folds} walk-forward folds whose labels never reach into the block judged: across symbols on each bar for a model of all symbols, over time for a model of one. The figure after ± is its standard error. Daily forecasts of returns that are worth something have some hundredths.`,
    '- **Ridge, LightGBM**: the two quick probes that looked for something; the better one is named. The families of a job were not fitted.',
    `- **p of n shifts**: how likely chance alone finds as much. Each probe was fitted again on the target turned round in time by n random distances (at least ${policy.featureMemoryBars} bars more than its label looks ahead), which breaks its relation to the features and nothing else. That the better probe was taken is accounted for. Where it is clear early that there is nothing, fewer shifts are made.`,
    `- **What counts**: one rate for everything tried, targets first, then symbols within those found: of targets in which there is nothing, at most ${percent} on average are routed to training, however many symbols they were tried on.`,
    `- **Experimental**: significant, but below an IC of ${policy.minimumPooledIc} (one symbol: ${policy.minimumOwnIc}), of the same sign in too few of ${policy.periods} sub-periods, or fading.`,
    '- **Blocked**: nothing that chance would not find too, too small a sample, or a leak. A symbol that the model of all serves has no families of its own.',
  ];
}
