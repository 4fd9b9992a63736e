import { defaultPolicy, planPolicySchema } from '@twostage/core/plans/policy';
import { expect, it } from 'vitest';
import { changedFields, policyFaults, policyFields, policyGroups } from './policyForm.ts';

it('every number of the policy has one field with words and bounds', () => {
  const numbers = Object.entries(defaultPolicy).filter(([, value]) => typeof value === 'number');
  expect(policyFields.map(({ name }) => name).sort()).toEqual(numbers.map(([name]) => name).sort());
  const grouped = policyGroups.flatMap(({ fields }) => fields.map(({ name }) => name));
  expect([...grouped].sort()).toEqual(policyFields.map(({ name }) => name).sort());
  for (const { title, help, usual, minimum } of policyFields) {
    expect(title.length * help.length).toBeGreaterThan(0);
    expect(usual).toBeGreaterThanOrEqual(minimum!);
  }
});

it('says what was changed, and what is out of bounds', () => {
  expect(changedFields(defaultPolicy)).toEqual([]);
  const policy = { ...defaultPolicy, shifts: 3, folds: 5 };
  expect(changedFields(policy)).toEqual(['shifts', 'folds']);
  expect(policyFaults(policy)).toEqual({ shifts: expect.stringContaining('19') });
  expect(planPolicySchema.safeParse(defaultPolicy).success).toBe(true);
});
