import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { FoldLegend } from '@twostage/figures/run/FoldBlocks.tsx';
import { FoldsPicture, FoldsTable, isCombinatorial } from '@twostage/figures/run/FoldsPicture.tsx';
import { SelectionPanel } from '@twostage/figures/run/SelectionPanel.tsx';
import { Panel } from '@twostage/figures/Panel.tsx';
import { StillWidth } from '@twostage/figures/still';
import { cpcvWarning } from '@twostage/core/evaluation/validationLines';
import { rankByIc } from '../../orchestrator/leaderboard.ts';
import { anchorTo, cardWidth, Notes, Part, stateLooks } from './parts.tsx';
import { JobsPart } from './JobsPart.tsx';
import { Leaderboard } from './Leaderboard.tsx';
import { QualityPart } from './QualityPart.tsx';
import type { ReportedRun } from './readRun.ts';
import { RunHead } from './RunHead.tsx';
import { scopeSuffix, TrainingSheet } from './TrainingSheet.tsx';

/** Sheets beyond these would make a document that browsers open slowly. */
const mostDrawn = 100;
/** What a run is called whose name nobody chose. */
const unnamed = 'run';

export const titleOf = ({ record }: ReportedRun): string =>
  record.config.name === unnamed ? record.runId : record.config.name;

/** Everything that is to be known of a run, from the whole to each training. */
export function ReportPage({ run }: { run: ReportedRun }) {
  const { record, view } = run;
  const targets = trainingsByTarget(view);
  const ranked = rankByIc(view.trainings.values()).map(({ training }) => training.spec.id);
  const drawn = new Set([...new Set(ranked)].slice(0, mostDrawn));
  return (
    <main className="mx-auto max-w-[73rem] px-4 py-8 sm:px-6 print:max-w-none print:p-0">
      <RunHead run={run} title={titleOf(run)} />
      {!hasEnded(view.state) && (
        <div className="mt-4">
          <Notes
            bad
            label="Not ended"
            notes={[`This run has not ended (${view.state}): what follows is what there was.`]}
          />
        </div>
      )}
      <Contents view={view} targets={targets} hasPlan={record.config.plan !== undefined} />
      <Part id="leaderboard" title="Leaderboard">
        {drawn.size < view.trainings.size && (
          <p className="text-muted">
            Of {view.trainings.size} trainings the sheets of the {drawn.size} with the best IC are drawn; the others
            have their figures.
          </p>
        )}
        <Leaderboard view={view} />
      </Part>
      {view.selections.length > 0 && (
        <Part id="selection" title="Overfitting">
          {view.selections.map((selection) => (
            <SelectionPanel key={selection.target} selection={selection} view={view} />
          ))}
        </Part>
      )}
      {record.config.plan && <JobsPart plan={record.config.plan} view={view} />}
      <QualityPart quality={view.quality} />
      <Folds folds={view.folds} />
      {[...targets].map(([target, trainings]) => (
        <Part key={target} id={`target:${target}`} title={target}>
          {trainings.map((training) => (
            <TrainingSheet
              key={training.spec.id}
              training={training}
              view={view}
              brief={!drawn.has(training.spec.id)}
            />
          ))}
        </Part>
      ))}
    </main>
  );
}

function trainingsByTarget({ trainings }: RunView): Map<string, TrainingView[]> {
  const byTarget = new Map<string, TrainingView[]>();
  for (const training of trainings.values()) {
    const { target } = training.spec;
    byTarget.set(target, [...(byTarget.get(target) ?? []), training]);
  }
  return byTarget;
}

function Contents({
  view,
  targets,
  hasPlan,
}: {
  view: RunView;
  targets: Map<string, TrainingView[]>;
  hasPlan: boolean;
}) {
  const parts = [
    ['leaderboard', 'Leaderboard'],
    ...(view.selections.length > 0 ? [['selection', 'Overfitting']] : []),
    ...(hasPlan ? [['jobs', 'Training plan']] : []),
    ['quality', 'Data'],
    ['folds', 'Folds'],
  ] as const;
  return (
    <nav aria-label="Contents" className="mt-6 rounded-lg border border-line bg-surface px-4 py-3 text-sm shadow-flat">
      <ul className="flex flex-wrap gap-x-5 gap-y-1 font-medium">
        {parts.map(([id, name]) => (
          <li key={id}>
            <a href={`#${id}`} className="text-accent hover:underline">
              {name}
            </a>
          </li>
        ))}
      </ul>
      <dl className="mt-2 space-y-1.5">
        {[...targets].map(([target, trainings]) => (
          <div key={target} className="flex flex-wrap gap-x-4 gap-y-0.5 border-line border-t pt-1.5">
            <dt>
              <a
                href={anchorTo(`target:${target}`)}
                className="font-medium font-mono text-accent text-xs hover:underline"
              >
                {target}
              </a>
            </dt>
            {trainings.map(({ spec, state }) => (
              <dd key={spec.id}>
                <a href={anchorTo(spec.id)} className={`hover:underline ${state === 'completed' ? '' : 'text-muted'}`}>
                  {spec.family}
                  {scopeSuffix(spec)}
                  {state !== 'completed' && `, ${stateLooks[state].label.toLowerCase()}`}
                </a>
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </nav>
  );
}

function Folds({ folds }: { folds: RunView['folds'] }) {
  const combinatorial = isCombinatorial(folds);
  return (
    <Part id="folds" title="Folds">
      {folds.length === 0 ? (
        <p className="text-muted">Not planned yet.</p>
      ) : (
        <Panel title={combinatorial ? 'Combinatorial splits' : 'Walk-forward folds'} aside={<FoldLegend />}>
          <div className="overflow-x-auto">
            <StillWidth value={cardWidth.whole}>
              <FoldsPicture folds={folds} width={cardWidth.whole} />
            </StillWidth>
          </div>
          {combinatorial && <p className="mt-3 text-muted text-xs">{cpcvWarning}</p>}
          <FoldsTable folds={folds} />
        </Panel>
      )}
    </Part>
  );
}
