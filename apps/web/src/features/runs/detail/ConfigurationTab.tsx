'use client';
import type { FamilyId } from '@twostage/core/families/family';
import { parameterFields } from '@twostage/core/families/parameters';
import { planSummary } from '@twostage/core/plans/summary';
import { planSourceName } from '@twostage/core/plans/runPlan';
import type { RunConfig } from '@twostage/core/runs/config';
import { catalogue } from '@twostage/families/catalogue';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../../server/contracts/runs.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { bytes, count, duration, percent, plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { cliCommand } from '../cliCommand.ts';
import { useRunView } from '../live/useLiveRun.ts';

const scopeTexts: Record<RunConfig['scope'], string> = {
  crossSectional: 'one of all symbols',
  symbol: 'one of each symbol',
  both: 'one of all symbols, and one of each',
};

const familiesOf = ({ config, families }: RunDetail): readonly string[] =>
  config.plan ? Object.keys(planSummary(config.plan.jobs).model_families) : families;

/** Everything that decides what this run computes. */
export function ConfigurationTab({ run }: { run: RunDetail }) {
  const { view } = useRunView('run');
  const { config } = run;
  const command = cliCommand(config);
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Panel title="Settings">
        <dl className="divide-y divide-line">
          <Setting name="Folder">{config.dataDir}</Setting>
          <Setting name="Symbols">
            {config.symbols.length > 0 ? config.symbols.join(', ') : 'every symbol of the dataset'}
          </Setting>
          <Setting name="Targets">{config.targets.join(', ')}</Setting>
          <Setting name="Training plan">
            {config.plan
              ? `${planSourceName(config.plan.source)}, ${plural(config.plan.jobs.length, 'job')}, sha256 ${config.plan.hash.slice(0, 12)}`
              : 'none: exploratory'}
          </Setting>
          <Setting name="Mode">{config.modelTypes}</Setting>
          <Setting name="Families">{familiesOf(run).join(', ')}</Setting>
          <Setting name="Models">{config.plan ? 'as the plan says, job by job' : scopeTexts[config.scope]}</Setting>
          <Setting name="Feature set">
            {config.features}, normalised by {config.normalisation}
          </Setting>
          <Setting name="Entry lag">{plural(config.targetLagBars, 'bar')}</Setting>
          {config.featureExpressions.map(({ name, expression }) => (
            <Setting key={name} name={name}>
              <code>{expression}</code>
            </Setting>
          ))}
          <Setting name="Folds">
            {config.folds.validation === 'cpcv'
              ? `cpcv, ${config.folds.testGroups} of ${config.folds.groups} groups tested at a time`
              : `${config.folds.count}, ${config.folds.scheme}`}
            , embargo {plural(config.folds.embargoBars, 'bar')}, validation{' '}
            {percent(config.folds.validationFraction, 0)}
          </Setting>
          <Setting name="Holdout">
            {config.folds.holdoutFraction > 0
              ? `the last ${percent(config.folds.holdoutFraction, 0)} of the bars`
              : 'none'}
          </Setting>
          <Setting name="Lookback">{plural(config.lookback, 'bar')}</Setting>
          <Setting name="Portfolio">
            {config.quantiles} quantiles, costs of {config.costBasisPoints} basis points of what is traded
          </Setting>
          <Setting name="Seed">{config.seed}</Setting>
          <Setting name="Device">{config.device}</Setting>
          <Setting name="Threads">{config.threads === 0 ? 'every core' : config.threads}</Setting>
          <Setting name="Packing">{config.packing ? 'on' : 'off: one training at a time'}</Setting>
          {config.allowLeaks && <Setting name="Leaks">allowed</Setting>}
          <Setting name="Deadline">{duration(config.deadlineSeconds * 1000)} a training</Setting>
          <Setting name="Memory cap">{bytes(config.memoryCapMb * 1024 ** 2)} a training</Setting>
          {view.dataset && (
            <>
              <Setting name="Features">{count(view.dataset.features.length)}</Setting>
              <Setting name="Dataset id">
                <span className="break-all font-mono text-xs">{view.dataset.id}</span>
              </Setting>
              {view.quality?.contentHash && (
                <Setting name="Files’ hash">
                  <span className="break-all font-mono text-xs">{view.quality.contentHash}</span>
                </Setting>
              )}
            </>
          )}
        </dl>
      </Panel>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel
          title="The same in a terminal"
          aside={<CopyButton text={command} label="Copy the command" said="Command copied" size="sm" />}
        >
          <pre className="scroll-thin overflow-x-auto font-mono text-xs leading-5">{command}</pre>
        </Panel>
        <Panel
          title="As JSON"
          aside={
            <CopyButton
              text={JSON.stringify(config, null, 2)}
              label="Copy the JSON"
              said="Configuration copied"
              size="sm"
            />
          }
        >
          <pre className="scroll-thin max-h-80 overflow-auto font-mono text-xs leading-5">
            {JSON.stringify(config, null, 2)}
          </pre>
        </Panel>
      </div>
      <Panel title="Parameters" className="xl:col-span-2">
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5">
          {run.families.map((family) => (
            <FamilyParameterList key={family} family={family} given={config.parameters[family] ?? {}} />
          ))}
        </div>
      </Panel>
    </div>
  );
}

const Setting = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex gap-4 py-1.5">
    <dt className="w-24 shrink-0 text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
);

/** Changed ones stand out; the rest are the family's defaults. */
function FamilyParameterList({ family, given }: { family: FamilyId; given: Record<string, unknown> }) {
  return (
    <section aria-label={`Parameters of ${family}`} className="min-w-0">
      <h3 className="mb-1 font-medium">{family}</h3>
      <dl className="text-xs">
        {parameterFields(catalogue[family]).map((field) => {
          const changed = field.name in given && given[field.name] !== field.default;
          return (
            <div key={field.name} className="flex justify-between gap-3 py-0.5" title={field.help}>
              <dt className="truncate text-muted">{field.title}</dt>
              <dd className={changed ? 'font-semibold text-accent' : ''}>
                {String(given[field.name] ?? field.default)}
                {changed && <span className="font-normal text-faint"> (default {String(field.default)})</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
