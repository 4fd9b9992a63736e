import { defaultPolicy, type PlanPolicy, planPolicySchema } from '@twostage/core/plans/policy';
import { z } from 'zod';

/** One number of the policy, as a form shows it. */
export interface PolicyField {
  readonly name: keyof PlanPolicy;
  readonly title: string;
  readonly help: string;
  readonly integer: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly usual: number;
}

interface JsonProperty {
  type?: string;
  title?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
}

/** Every number of the policy; the list of experimental families has a field of its own. */
export const policyFields: readonly PolicyField[] = Object.entries(
  (z.toJSONSchema(planPolicySchema, { io: 'input' }).properties ?? {}) as Record<string, JsonProperty>,
).flatMap(([key, { type, title, description, minimum, maximum }]) => {
  const name = key as keyof PlanPolicy;
  const usual = defaultPolicy[name];
  if (typeof usual !== 'number') return [];
  return [{ name, usual, title: title ?? key, help: description ?? '', integer: type === 'integer', minimum, maximum }];
});

const groups: readonly { title: string; names: readonly (keyof PlanPolicy)[] }[] = [
  {
    title: 'How evidence is measured',
    names: ['folds', 'embargoBars', 'shifts', 'treeShifts', 'featureMemoryBars', 'periods'],
  },
  {
    title: 'What counts as evidence',
    names: [
      'falseDiscoveryRate',
      'minimumPooledIc',
      'minimumOwnIc',
      'ownAdvantageT',
      'minimumPeriodShare',
      'minimumRecentShare',
      'maximumR2',
    ],
  },
  { title: 'How much data it takes', names: ['minimumPooledWindows', 'minimumOwnWindows', 'minimumSymbols'] },
  { title: 'Which families a job gets', names: ['neuralRows', 'sequenceBars', 'relatedCorrelation'] },
];

/** The fields in groups; one that no group names stands in the last. */
export const policyGroups: readonly { title: string; fields: readonly PolicyField[] }[] = groups.map(
  ({ title, names }, at) => ({
    title,
    fields: policyFields.filter(
      ({ name }) =>
        names.includes(name) || (at === groups.length - 1 && !groups.some((group) => group.names.includes(name))),
    ),
  }),
);

/** What differs from the defaults. */
export const changedFields = (policy: PlanPolicy): (keyof PlanPolicy)[] =>
  (Object.keys(defaultPolicy) as (keyof PlanPolicy)[]).filter(
    (name) => JSON.stringify(policy[name]) !== JSON.stringify(defaultPolicy[name]),
  );

/** By field, what is wrong with it. */
export function policyFaults(policy: PlanPolicy): Readonly<Record<string, string>> {
  const { error } = planPolicySchema.safeParse(policy);
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [String(path[0]), message]));
}
