import { planSourceName } from '@twostage/core/plans/runPlan';
import { validationSentences } from '@twostage/core/evaluation/validationLines';
import { Badge, type Tone } from '@twostage/figures/Badge.tsx';
import { count, duration, plural } from '@twostage/figures/format';
import { PlanBadge } from '@twostage/figures/run/planBadges.tsx';
import type { RunState } from '@twostage/core/runs/lifecycle';
import path from 'node:path';
import { Facts, Notes } from './parts.tsx';
import type { ReportedRun } from './readRun.ts';

const looks: Record<RunState, { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'neutral' },
  preparing: { label: 'Preparing', tone: 'accent' },
  running: { label: 'Running', tone: 'accent' },
  completed: { label: 'Completed', tone: 'good' },
  partial: { label: 'Partial', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
};

const hash = (value: string | null | undefined) =>
  value ? <span className="break-all font-mono text-xs">{value}</span> : 'not kept';

const utc = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Names of a list: all of them, the many folded away. */
const Names = ({ names, one }: { names: readonly string[]; one: string }) =>
  names.length <= 12 ? (
    names.join(', ') || '–'
  ) : (
    <details>
      <summary>{plural(names.length, one)}</summary>
      <span className="text-muted text-xs">{names.join(', ')}</span>
    </details>
  );

/** What the run is, what it was made of, and whatever makes its figures doubtful. */
export function RunHead({ run: { record, view }, title }: { run: ReportedRun; title: string }) {
  const { config, versions, gitCommit } = record;
  const { label, tone } = looks[view.state];
  const leaks = view.dataset?.leaks ?? [];
  const notes = view.quality?.notes ?? [];
  const took = view.startedAt !== null && view.endedAt !== null ? view.endedAt - view.startedAt : null;
  const dataset = view.dataset;
  return (
    <header>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h1 className="min-w-0 break-words font-semibold text-2xl leading-8 tracking-tight">{title}</h1>
        <Badge tone={tone}>{label}</Badge>
        <PlanBadge plan={config.plan} />
        {leaks.length > 0 && <Badge tone="bad">Leak</Badge>}
        {notes.some((note) => /simulat/i.test(note)) && <Badge tone="warn">Simulated</Badge>}
      </div>
      <p className="mt-1 text-muted">
        {path.basename(config.dataDir)} · {plural(dataset?.symbols.length ?? record.symbols.length, 'symbol')} ·{' '}
        {config.targets.join(', ')}
        {view.startedAt !== null && ` · ${utc(view.startedAt)}`}
        {took !== null && ` · took ${duration(took)}`}
      </p>
      {view.reason && <p className="mt-1 whitespace-pre-line break-words text-muted">{view.reason}</p>}
      <div className="mt-4 rounded-lg border border-line bg-surface p-4 shadow-flat">
        <Facts
          facts={[
            ['Run', record.runId],
            ['Data', config.dataDir],
            ['Files’ hash', hash(view.quality?.contentHash ?? record.contentHash)],
            ['Dataset id', hash(dataset?.id ?? record.datasetId)],
            ['Rows', dataset ? `${count(dataset.rows)} on ${plural(dataset.bars, 'bar')}` : '–'],
            ['Targets', config.targets.join(', ')],
            ['Symbols', <Names key="symbols" names={dataset?.symbols ?? record.symbols} one="symbol" />],
            ['Features', <Names key="features" names={dataset?.features ?? record.features} one="feature" />],
            ['Feature set', `${config.features}, normalised by ${config.normalisation}`],
            ['Validation', validationSentences(config.folds).join(' ')],
            [
              'Portfolio',
              `${config.quantiles} quantiles, costs of ${config.costBasisPoints} basis points of what is traded`,
            ],
            ['Entry lag', plural(config.targetLagBars, 'bar')],
            ['Seed', config.seed],
            ['Device', config.device],
            ['Leaks', config.allowLeaks ? 'allowed' : 'not allowed'],
            ['Training plan', config.plan ? planSourceName(config.plan.source) : 'none: exploratory'],
            ...(config.plan ? [['Plan’s hash', hash(config.plan.hash)] as const] : []),
            ['Versions', `twostage ${versions.twostage}, Node ${versions.node}, ${versions.platform}`],
            ['Program', hash(gitCommit)],
          ]}
        />
      </div>
      {leaks.length > 0 && (
        <div className="mt-3">
          <Notes
            bad
            label="Leaks"
            notes={leaks.map(
              ({ feature, target, correlation }) =>
                `${feature} seems to know the future of ${target} (correlation ${correlation.toFixed(2)}): figures of this run are too good to be true`,
            )}
          />
        </div>
      )}
    </header>
  );
}
