import type { PlanPolicy } from '@twostage/core/plans/policy';
import { Panel } from '../../../ui/Panel.tsx';
import { changedFields } from './policyForm.ts';

/** By what a plan was made: only what differs from the defaults is named. */
export function PolicyPanel({ policy }: { policy: PlanPolicy }) {
  const changed = changedFields(policy);
  return (
    <Panel title="Policy">
      <p className="text-muted">
        {changed.length === 0
          ? 'The defaults.'
          : `The defaults, but for ${changed.map((name) => `${name} = ${String(policy[name])}`).join(', ')}.`}{' '}
        At most {policy.falseDiscoveryRate * 100} % of the targets that are pure noise are routed to training.
      </p>
    </Panel>
  );
}
