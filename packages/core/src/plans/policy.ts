import { z } from 'zod';
import { familyIdSchema } from '../families/family.ts';

/**
 * By what a plan is made: how evidence is measured, what counts as evidence, and which families a job gets. Every field has a
 * default, a title and a description, so that a form can be made of it. A plan keeps its policy in `metadata.policy`.
 */
export const planPolicySchema = z.strictObject({
  falseDiscoveryRate: z.number().min(0.0001).max(0.5).default(0.05).meta({
    title: 'False discovery rate',
    description:
      'Most of the targets routed to training that may be pure noise, as a share, on average; at most this share of pure-noise targets is routed.',
  }),
  shifts: z.number().int().min(19).max(9999).default(199).meta({
    title: 'Shifts',
    description:
      'How often the linear probe is fitted again on targets shifted in time, to see what chance alone finds.',
  }),
  treeShifts: z.number().int().min(19).max(999).default(39).meta({
    title: 'Shifts of trees',
    description: 'The same for boosted trees, which take longer.',
  }),
  featureMemoryBars: z.number().int().min(0).max(2000).default(60).meta({
    title: 'Memory of features',
    description: 'Bars that features look back: a target is never shifted so little that they would contain it.',
  }),
  folds: z.number().int().min(2).max(20).default(4).meta({
    title: 'Folds',
    description: 'Walk-forward folds by which evidence is measured.',
  }),
  embargoBars: z.number().int().min(0).max(500).default(5).meta({
    title: 'Embargo',
    description: 'Bars left out before each block judged, beyond what the label windows demand.',
  }),
  minimumPooledIc: z.number().min(0).max(1).default(0.01).meta({
    title: 'Least IC, all symbols',
    description: 'Rank IC across symbols below which a significant target is weak: experimental only.',
  }),
  minimumOwnIc: z.number().min(0).max(1).default(0.02).meta({
    title: 'Least IC, one symbol',
    description: 'Rank IC over time below which a significant model of one symbol is weak: experimental only.',
  }),
  minimumPooledWindows: z.number().int().min(5).max(100_000).default(60).meta({
    title: 'Least sample, all symbols',
    description: 'Label windows that share no bar; fewer are too few to judge a target by.',
  }),
  minimumOwnWindows: z.number().int().min(5).max(100_000).default(100).meta({
    title: 'Least sample, one symbol',
    description: 'The same for a model of one symbol.',
  }),
  minimumSymbols: z.number().int().min(2).max(5000).default(2).meta({
    title: 'Least symbols',
    description: 'Symbols below which no model of all of them is judged.',
  }),
  periods: z.number().int().min(2).max(50).default(6).meta({
    title: 'Sub-periods',
    description: 'Equal parts of the judged time, each with an IC of its own.',
  }),
  minimumPeriodShare: z.number().min(0).max(1).default(0.65).meta({
    title: 'Stability',
    description: 'Share of sub-periods whose IC has the sign of the whole, below which evidence is unstable.',
  }),
  minimumRecentShare: z.number().min(-10).max(1).default(0.25).meta({
    title: 'Decay',
    description: "The recent half's IC over the early half's, below which evidence is fading, and so unstable.",
  }),
  ownAdvantageT: z.number().min(-10).max(10).default(1.64).meta({
    title: 'Advantage of its own',
    description:
      'How far a model of one symbol must be above the model of all on that symbol, in standard errors of the difference, to be trained beside it.',
  }),
  maximumR2: z.number().min(0.01).max(1).default(0.5).meta({
    title: 'Implausible R²',
    description: 'Out-of-sample R² from which on a target is taken to be leaked: it is blocked.',
  }),
  neuralRows: z.number().int().min(0).max(100_000_000).default(2000).meta({
    title: 'Rows for networks',
    description: 'Labelled rows from which on families of stage 2 are worth training.',
  }),
  sequenceBars: z.number().int().min(0).max(1_000_000).default(750).meta({
    title: 'Bars for sequences',
    description: 'Labelled bars from which on families that read sequences are worth training.',
  }),
  relatedCorrelation: z.number().min(0).max(1).default(0.3).meta({
    title: 'Related targets',
    description:
      'Rank correlation, either way, from which on two targets are related: families that learn targets together need one.',
  }),
  experimentalFamilies: z.array(familyIdSchema).min(1).default(['LightGBM', 'XGBoost', 'MLP']).meta({
    title: 'Families for experiments',
    description: 'Which families an experimental job trains, of those chosen.',
  }),
});
export type PlanPolicy = z.infer<typeof planPolicySchema>;
export const defaultPolicy: PlanPolicy = planPolicySchema.parse({});
