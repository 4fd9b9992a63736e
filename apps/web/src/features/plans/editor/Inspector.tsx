'use client';
import { type FamilyId, stageIds } from '@twostage/core/families/family';
import { type PlanJob, routes, type Route } from '@twostage/core/plans/masterPlan';
import { trainsOn } from '@twostage/core/stages/suitability';
import { catalogue, families } from '@twostage/families/catalogue';
import { type ReactNode, useId } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Field, Input, inputClass, Select } from '../../../ui/Field.tsx';
import { plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { RouteBadge } from '@twostage/figures/run/planBadges.tsx';
import { routeLooks } from '@twostage/figures/run/planLooks';
import { type Cell, cellKey } from './cells.ts';
import { Evidence } from './Evidence.tsx';
import { FamilyParameters } from './FamilyParameters.tsx';
import {
  addJobs,
  copyToTargets,
  type JobEdit,
  removeJobs,
  setFamily,
  setFamilies,
  setPriority,
  setReason,
  setRoute,
} from './jobEdits.ts';

export interface InspectorProps {
  /** Chosen, in the order of the matrix. */
  readonly cells: readonly Cell[];
  /** Of the chosen cells. */
  readonly jobs: readonly PlanJob[];
  readonly symbols: number;
  /** Rows of the matrix. */
  readonly targets: readonly string[];
  /** null: read only. */
  readonly apply: ((label: string, edit: JobEdit, typing?: string) => void) | null;
  /** Below the rest, where one job is chosen. */
  readonly discussion?: (job: PlanJob) => ReactNode;
}

/** What the chosen jobs decide, and the fields by which all of them are decided at once. */
export function Inspector({ cells, jobs, symbols, targets, apply, discussion }: InspectorProps) {
  if (cells.length === 0)
    return (
      <Panel title="Job">
        <p className="text-muted">
          Choose a cell to see what its job decides{apply && ', or several, with Shift or Ctrl, to decide them at once'}
          .
        </p>
      </Panel>
    );
  const keys = new Set(cells.map(cellKey));
  const missing = cells.filter((cell) => !jobs.some((job) => job.target === cell.target && job.symbol === cell.symbol));
  const [only] = jobs.length === 1 ? jobs : [];
  const title =
    cells.length === 1 ? `${cells[0]!.target} · ${cells[0]!.symbol ?? 'all symbols'}` : plural(cells.length, 'place');
  return (
    <Panel
      title={title}
      aside={jobs.length > 1 && <span className="text-muted text-xs">{plural(jobs.length, 'job')}</span>}
    >
      <div className="space-y-4">
        {missing.length > 0 && (
          <div className="flex flex-wrap items-center gap-2">
            <p className="text-muted">
              {missing.length === 1 ? 'No job here.' : `No job in ${missing.length} of them.`}
            </p>
            {apply && (
              <Button size="sm" onClick={() => apply(addWords(missing.length), addJobs(missing, ['LightGBM']))}>
                {addWords(missing.length)}
              </Button>
            )}
          </div>
        )}
        {jobs.length > 0 &&
          (apply ? <Fields {...{ keys, cells, jobs, symbols, targets, apply }} /> : <Facts jobs={jobs} />)}
        {only && <Evidence job={only} />}
        {only && discussion?.(only)}
      </div>
    </Panel>
  );
}

const addWords = (n: number) => (n === 1 ? 'Add a job' : `Add ${n} jobs`);

/** The one value that all have, or null. */
function shared<Value>(jobs: readonly PlanJob[], of: (job: PlanJob) => Value): Value | null {
  const [first, ...rest] = jobs.map(of);
  return rest.every((value) => value === first) ? first! : null;
}

function Fields({
  keys,
  cells,
  jobs,
  symbols,
  targets,
  apply,
}: {
  keys: ReadonlySet<string>;
  cells: readonly Cell[];
  jobs: readonly PlanJob[];
  symbols: number;
  targets: readonly string[];
  apply: NonNullable<InspectorProps['apply']>;
}) {
  const what = jobs.length === 1 ? jobs[0]!.job_id : plural(jobs.length, 'job');
  const route = shared(jobs, (job) => job.route);
  const priority = shared(jobs, (job) => job.priority);
  const reason = shared(jobs, (job) => job.reason);
  const typing = [...keys].join(' ');
  return (
    <>
      <Field label="Route" help={route ? routeLooks[route].title : 'They differ; choosing one sets it for all'}>
        {(wiring) => (
          <Select
            {...wiring}
            value={route ?? ''}
            onChange={(event) => apply(`Route of ${what}`, setRoute(keys, event.target.value as Route))}
          >
            {route === null && <option value="">several</option>}
            {routes.map((each) => (
              <option key={each} value={each}>
                {routeLooks[each].label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FamilyPicker
        jobs={jobs}
        // Of one symbol each, but where the job of all symbols is among them.
        symbols={cells.some(({ symbol }) => symbol === null) ? symbols : 1}
        onToggle={(family, on) => apply(`${family} ${on ? 'to' : 'from'} ${what}`, setFamily(keys, family, on))}
        onSet={(list, words) => apply(`${words} for ${what}`, setFamilies(keys, list))}
      />
      <Field label="Priority" hint="higher goes first">
        {(wiring) => (
          <Input
            {...wiring}
            type="number"
            step="any"
            value={priority ?? ''}
            placeholder="several"
            onChange={(event) => {
              const value = event.target.valueAsNumber;
              if (Number.isFinite(value)) apply(`Priority of ${what}`, setPriority(keys, value), `priority ${typing}`);
            }}
          />
        )}
      </Field>
      <Field label="Reason">
        {(wiring) => (
          <textarea
            {...wiring}
            rows={3}
            value={reason ?? ''}
            placeholder={reason === null ? 'several' : 'why it is decided so'}
            onChange={(event) => apply(`Reason of ${what}`, setReason(keys, event.target.value), `reason ${typing}`)}
            className={inputClass(false, 'h-auto py-1.5')}
          />
        )}
      </Field>
      <FamilyParameters keys={keys} jobs={jobs} apply={apply} />
      {targets.length > 1 && (
        <Select
          aria-label="Copy to another target"
          value=""
          onChange={({ target: { value } }) => apply(`Copy of ${what} to ${value}`, copyToTargets(keys, [value]))}
          className="h-7 text-xs"
        >
          <option value="">Copy to another target …</option>
          {targets
            .filter((target) => jobs.some((job) => job.target !== target))
            .map((target) => (
              <option key={target} value={target}>
                {target}
              </option>
            ))}
        </Select>
      )}
      <Button size="sm" variant="danger" onClick={() => apply(`Removal of ${what}`, removeJobs(keys))}>
        Remove {jobs.length === 1 ? 'the job' : what}
      </Button>
    </>
  );
}

const stageTitles = { cpu: 'Stage 1 (CPU)', gpu: 'Stage 2 (GPU)' } as const;

function FamilyPicker({
  jobs,
  symbols,
  onToggle,
  onSet,
}: {
  jobs: readonly PlanJob[];
  symbols: number;
  onToggle: (family: FamilyId, on: boolean) => void;
  onSet: (families: readonly FamilyId[], words: string) => void;
}) {
  const id = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-xs">Families</legend>
      <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">
        {stageIds.map((stage) => (
          <fieldset key={stage} className="min-w-0">
            <legend className="mb-0.5 text-2xs text-faint">{stageTitles[stage]}</legend>
            {families
              .filter((family) => family.stage === stage)
              .map((family) => {
                const having = jobs.filter((job) => job.model_families.includes(family.id)).length;
                const lacks = trainsOn(family, symbols) ? null : `needs ${family.minimum.symbols} symbols`;
                return (
                  <label
                    key={family.id}
                    htmlFor={`${id}-${family.id}`}
                    title={lacks ? `${family.title} ${lacks}: it is left out here` : family.title}
                    className="flex items-center gap-1.5 rounded py-0.5 text-xs hover:bg-hover"
                  >
                    <input
                      id={`${id}-${family.id}`}
                      type="checkbox"
                      checked={having === jobs.length}
                      ref={(box) => {
                        if (box) box.indeterminate = having > 0 && having < jobs.length;
                      }}
                      onChange={(event) => onToggle(family.id, event.target.checked)}
                      className="size-3.5"
                    />
                    <span className={lacks ? 'text-faint line-through' : undefined}>{family.id}</span>
                  </label>
                );
              })}
          </fieldset>
        ))}
      </div>
      <div className="mt-1.5 flex flex-wrap gap-1">
        <Button
          size="sm"
          variant="ghost"
          onClick={() =>
            onSet(
              families.map((family) => family.id),
              'Every family',
            )
          }
        >
          All
        </Button>
        <Button
          size="sm"
          variant="ghost"
          onClick={() =>
            onSet(
              families.filter(({ stage }) => stage === 'cpu').map((family) => family.id),
              'Stage 1',
            )
          }
        >
          Stage 1
        </Button>
        <Button size="sm" variant="ghost" onClick={() => onSet([], 'No family')}>
          None
        </Button>
      </div>
    </fieldset>
  );
}

function Facts({ jobs }: { jobs: readonly PlanJob[] }) {
  return (
    <ul className="space-y-3">
      {jobs.slice(0, 12).map((job) => (
        <li key={job.job_id} className="space-y-1">
          <div className="flex flex-wrap items-center gap-2">
            <RouteBadge route={job.route} />
            {jobs.length > 1 && <span className="font-medium">{`${job.target} · ${job.symbol ?? 'all symbols'}`}</span>}
            {job.priority !== 0 && <span className="text-muted text-xs">priority {job.priority}</span>}
          </div>
          {job.reason && <p className="break-words">{job.reason}</p>}
          <p className="text-muted text-xs">
            {job.model_families.length > 0
              ? job.model_families.map((family) => catalogue[family].title).join(', ')
              : 'No family: it trains nothing'}
          </p>
          {Object.entries(job.parameters ?? {}).map(([family, own]) => (
            <p key={family} className="text-muted text-xs">
              {family}:{' '}
              {Object.entries(own ?? {})
                .map(([name, value]) => `${name} = ${String(value)}`)
                .join(', ')}
            </p>
          ))}
        </li>
      ))}
      {jobs.length > 12 && <li className="text-faint">and {jobs.length - 12} more</li>}
    </ul>
  );
}
