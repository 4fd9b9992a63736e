'use client';
import { familyIds } from '@twostage/core/families/family';
import { defaultPolicy, type PlanPolicy } from '@twostage/core/plans/policy';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Field, Input } from '../../../ui/Field.tsx';
import { MultiPick } from '../../../ui/MultiPick.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { changedFields, policyFaults, policyGroups } from './policyForm.ts';

/** The thresholds by which a plan is made, with their defaults; they are kept with the plan. */
export function PolicyForm({ policy, onChange }: { policy: PlanPolicy; onChange: (policy: PlanPolicy) => void }) {
  const changed = changedFields(policy);
  const faults = policyFaults(policy);
  return (
    <Panel
      title="Policy"
      flush
      aside={
        changed.length > 0 && (
          <>
            <Badge tone="accent">{changed.length} changed</Badge>
            <Button size="sm" variant="ghost" onClick={() => onChange(defaultPolicy)}>
              Back to the defaults
            </Button>
          </>
        )
      }
    >
      <div className="divide-y divide-line">
        {policyGroups.map(({ title, fields }, at) => (
          <details
            key={title}
            className="group"
            open={fields.some(({ name }) => faults[name] !== undefined) || undefined}
          >
            <summary className="flex min-h-10 flex-wrap items-center gap-x-3 px-4 font-medium hover:bg-hover">
              {title}
              <span className="font-normal text-faint text-xs group-open:hidden">
                {fields.map(({ name, title: words }) => `${words} ${String(policy[name])}`).join(', ')}
              </span>
            </summary>
            <div className="grid gap-x-4 gap-y-3 px-4 pt-1 pb-4 sm:grid-cols-2 xl:grid-cols-3">
              {fields.map(({ name, title: words, help, integer, minimum, maximum, usual }) => (
                <Field
                  key={name}
                  label={words}
                  hint={changed.includes(name) ? `default ${usual}` : undefined}
                  help={help}
                  {...(faults[name] !== undefined && { error: faults[name] })}
                >
                  {(wiring) => (
                    <Input
                      {...wiring}
                      type="number"
                      {...{ min: minimum, max: maximum, step: integer ? 1 : 'any' }}
                      value={Number.isNaN(policy[name]) ? '' : String(policy[name])}
                      onChange={(event) => onChange({ ...policy, [name]: event.target.valueAsNumber })}
                    />
                  )}
                </Field>
              ))}
              {at === policyGroups.length - 1 && (
                <Field
                  label="Families for experiments"
                  help="Which families an experimental job trains."
                  {...(faults.experimentalFamilies !== undefined && { error: 'choose at least one' })}
                >
                  {() => (
                    <MultiPick
                      label="Experimental"
                      options={familyIds.map((id) => ({ value: id, label: id }))}
                      selected={policy.experimentalFamilies}
                      onChange={(experimentalFamilies) => onChange({ ...policy, experimentalFamilies })}
                    />
                  )}
                </Field>
              )}
            </div>
          </details>
        ))}
      </div>
    </Panel>
  );
}
