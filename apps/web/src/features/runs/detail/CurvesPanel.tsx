'use client';
import { LineChart as ChartIcon } from 'lucide-react';
import { useMemo } from 'react';
import { Select } from '../../../ui/Field.tsx';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { type ChartSeries, LineChart } from '../../../ui/LineChart.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { seriesColor, seriesDash } from '@twostage/figures/palette';
import { useQueryState } from '../../../ui/queryState.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import {
  foldsWithLosses,
  type LossLine,
  lossTable,
  overlayLines,
  relativeLines,
  trainingLines,
} from '@twostage/figures/run/lossSeries';
import { ScalarCharts } from './ScalarCharts.tsx';
import { TrainingSelect } from './TrainingSelect.tsx';
import { useChosenTraining } from './useChosenTraining.ts';
import { useTrainingFilter } from './useTrainingFilter.ts';

/** More lines over each other cannot be told apart. */
const mostLines = 24;

/** Loss by step of the chosen training, or the validation loss of all of them over each other. */
export function CurvesPanel({ height, compact }: { height: number; compact?: boolean }) {
  const { view, revision: drawn } = useRunView('losses', 100);
  const { params, set } = useQueryState();
  const [chosen, choose] = useChosenTraining(view);
  const all = params.get('show') === 'all';
  const logY = params.get('logy') === '1';
  const logX = params.get('logx') === '1';
  const relative = all && params.get('absolute') !== '1';

  const trainings = [...view.trainings.values()];
  const training = chosen === null ? undefined : view.trainings.get(chosen);
  const { trainings: passing } = useTrainingFilter(view);
  const overlaid = passing.slice(0, mostLines);
  const choosable = training && !passing.includes(training) ? [training, ...passing] : passing;
  const shown = all ? overlaid : training ? [training] : [];
  const folds = foldsWithLosses(shown);
  const askedFold = Number(params.get('fold') ?? Number.NaN) - 1;
  const fold = folds.includes(askedFold) ? askedFold : (folds.at(-1) ?? 0);
  const color = trainings.findIndex(({ spec }) => spec.id === chosen);
  const shownIds = shown.map(({ spec }) => spec.id).join(' ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; `drawn` says when
  const { lines, table } = useMemo(() => {
    const own = training ? trainingLines(training, fold, color) : [];
    const asked = all ? overlayLines(overlaid, fold, (each) => trainings.indexOf(each)) : own;
    const lines = relative ? relativeLines(asked) : asked;
    return { lines, table: lossTable(lines, logY) };
  }, [drawn, all, relative, fold, chosen, logY, shownIds]);
  const empty = table.steps.length === 0;

  return (
    <Panel
      title={all ? (relative ? 'Validation loss over its first value' : 'Validation loss') : 'Loss'}
      aside={
        <>
          <Segmented
            name={compact ? 'show-compact' : 'show'}
            label="Which curves"
            value={all ? 'all' : 'one'}
            onChange={(value) => set({ show: value === 'all' ? 'all' : null, fold: null })}
            options={[
              { value: 'one', label: 'Chosen' },
              { value: 'all', label: 'All' },
            ]}
          />
          <FoldSelect folds={folds} fold={fold} onChange={(next) => set({ fold: String(next + 1) })} />
        </>
      }
    >
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        {!all && (
          <TrainingSelect
            trainings={choosable}
            value={chosen ?? ''}
            onChange={choose}
            className="h-7 w-52 max-w-full text-xs"
          />
        )}
        <div className="ml-auto flex items-center gap-3">
          {all && <Toggle label="Relative" checked={relative} onChange={(on) => set({ absolute: on ? null : '1' })} />}
          <Toggle label="Log loss" checked={logY} onChange={(on) => set({ logy: on ? '1' : null })} />
          <Toggle label="Log steps" checked={logX} onChange={(on) => set({ logx: on ? '1' : null })} />
        </div>
      </div>
      {empty ? (
        <div style={{ minHeight: height }} className="flex items-center justify-center">
          <EmptyState icon={<ChartIcon aria-hidden />} title="No loss yet">
            The curve begins with the first step.
          </EmptyState>
        </div>
      ) : (
        <LineChart
          label={`Loss by step, fold ${fold + 1}: ${lines.map((line) => line.label).join(', ')}`}
          x={table.steps}
          ys={table.losses}
          series={lines.map((line) => seriesOf(line, all))}
          xLabel="Step"
          logY={logY}
          logX={logX}
          height={height}
        />
      )}
      {all && passing.length > mostLines && (
        <p className="mt-1 text-faint text-xs">
          The first {mostLines} of {passing.length} trainings; filter to see others.
        </p>
      )}
      {!all && training && (
        <ScalarCharts training={training} fold={fold} drawn={drawn} logX={logX} height={compact ? 120 : 200} />
      )}
    </Panel>
  );
}

/** Overlaid, the hue names the training; alone, the training curve is thin and grey beside the validation curve. */
function seriesOf(line: LossLine, overlaid: boolean): ChartSeries {
  if (overlaid) {
    return { key: line.key, label: line.label, color: seriesColor(line.color), dash: seriesDash(line.color) };
  }
  const validation = line.kind === 'validation';
  return {
    key: line.key,
    label: line.label,
    color: validation ? seriesColor(line.color) : 'var(--faint)',
    width: validation ? 2 : 1.25,
  };
}

function FoldSelect({ folds, fold, onChange }: { folds: number[]; fold: number; onChange: (fold: number) => void }) {
  return (
    <Select
      aria-label="Fold"
      value={fold}
      disabled={folds.length === 0}
      onChange={(event) => onChange(Number(event.target.value))}
      className="h-7 w-auto text-xs"
    >
      {folds.length === 0 && <option value={fold}>Fold</option>}
      {folds.map((value) => (
        <option key={value} value={value}>
          Fold {value + 1}
        </option>
      ))}
    </Select>
  );
}

const Toggle = ({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) => (
  <label className="flex items-center gap-1.5 text-muted text-xs">
    <input
      type="checkbox"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
      className="size-3.5"
    />
    {label}
  </label>
);
