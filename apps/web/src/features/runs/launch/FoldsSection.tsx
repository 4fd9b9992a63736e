'use client';
import { messageOf } from '@twostage/core/errors';
import type { BarRange } from '@twostage/core/evaluation/blockRows';
import { type PlannedFold, planValidation, type ValidationPlan } from '@twostage/core/evaluation/planValidation';
import { validationSentences } from '@twostage/core/evaluation/validationLines';
import { foldSettingsSchema } from '@twostage/core/runs/config';
import { labelBarsOf, parseTargetName } from '@twostage/core/runs/targets';
import { useFormContext, useWatch } from 'react-hook-form';
import type { DatasetRow } from '../../../server/contracts/datasets.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { useWidth } from '@twostage/figures/useWidth';
import { FoldLegend, type FoldLine, FoldLines } from '@twostage/figures/run/FoldBlocks.tsx';
import { ChoiceField, NumberField } from './fields.tsx';
import { errorAt } from './formErrors.ts';
import type { LaunchValues } from './launchForm.ts';

/** How forecasts are judged out of sample, and a picture of what results. */
export function FoldsSection({ datasets }: { datasets: readonly DatasetRow[] }) {
  const { control, formState } = useFormContext<LaunchValues>();
  const validation = useWatch({ control, name: 'config.folds.validation' });
  const combinatorial = validation === 'cpcv';
  // A field whose value is refused must be seen, whether or not it counts.
  const wrong = (path: string) => errorAt(formState.errors, path) !== undefined;
  return (
    <Panel title="Folds and holdout">
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
        <ChoiceField
          path="config.folds.validation"
          label="Validation"
          help="Walk-forward is what trading would have seen; combinatorial splits say how much of a backtest is luck."
        >
          <option value="walk-forward">Walk-forward</option>
          <option value="cpcv">Combinatorial, purged (CPCV)</option>
        </ChoiceField>
        {(!combinatorial || wrong('config.folds.count')) && (
          <NumberField path="config.folds.count" label="Folds" hint="1 – 50" help="Test blocks, one after the other." />
        )}
        {!combinatorial && (
          <ChoiceField
            path="config.folds.scheme"
            label="Training window"
            help="Growing from the first bar, or of one length."
          >
            <option value="expanding">Expanding</option>
            <option value="sliding">Sliding</option>
          </ChoiceField>
        )}
        {(combinatorial || wrong('config.folds.groups')) && (
          <NumberField
            path="config.folds.groups"
            label="Groups"
            hint="3 – 16"
            help="Blocks that the calendar is cut into."
          />
        )}
        {(combinatorial || wrong('config.folds.testGroups')) && (
          <NumberField
            path="config.folds.testGroups"
            label="Tested at a time"
            hint="groups, 1 – 8"
            help="Every choice of so many is tested by a model of the others."
          />
        )}
        <NumberField
          path="config.folds.embargoBars"
          label="Embargo"
          hint="bars"
          help="Left out beyond what labels demand."
        />
        <NumberField
          path="config.folds.validationFraction"
          label="Validation part"
          hint="0.05 – 0.5"
          step="any"
          help="Cut from the end of each training window, for early stopping."
        />
        <NumberField
          path="config.folds.holdoutFraction"
          label="Holdout"
          hint="share of the bars, 0 – 0.5"
          step="any"
          help="Kept from the end for a last judgement, e.g. 0.15; 0 keeps none. Worth something only once."
        />
      </div>
      <FoldsPreview datasets={datasets} />
    </Panel>
  );
}

/** Bars that are drawn while those of the dataset are not known. */
const someBars = 2000;
const shownLines = 16;

function FoldsPreview({ datasets }: { datasets: readonly DatasetRow[] }) {
  const { control } = useFormContext<LaunchValues>();
  const [datasetId, given, targets, targetLagBars, lookback] = useWatch({
    control,
    name: ['datasetId', 'config.folds', 'config.targets', 'config.targetLagBars', 'config.lookback'],
  });
  const [frame, width] = useWidth<HTMLDivElement>();
  const settings = foldSettingsSchema.safeParse(given).data;
  const bars = datasets.find(({ id }) => id === datasetId)?.bars ?? someBars;
  const lag = Number.isInteger(targetLagBars) ? targetLagBars : 1;
  const labelBars = Math.max(
    1,
    ...targets.map((target) => {
      const computed = parseTargetName(target);
      return computed ? labelBarsOf(computed, lag) : 1;
    }),
  );
  if (!settings) return null;
  const planned = tryPlan(() => planValidation({ bars, settings, labelBars, lookback: lookback || 0 }));
  return (
    <div className="mt-4 border-line border-t pt-3">
      {typeof planned === 'string' ? (
        <p role="status" className="text-warn text-xs">
          {planned}
        </p>
      ) : (
        <>
          <FoldLegend />
          <div ref={frame} className="mt-2 min-w-0 overflow-hidden">
            {width > 0 && <Picture plan={planned} bars={bars} width={width} />}
          </div>
          <ul aria-label="What results" className="mt-2 max-w-3xl space-y-0.5 text-muted text-xs">
            {validationSentences(settings).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function tryPlan(plan: () => ValidationPlan): ValidationPlan | string {
  try {
    return plan();
  } catch (error) {
    return messageOf(error);
  }
}

function Picture({ plan, bars, width }: { plan: ValidationPlan; bars: number; width: number }) {
  const [left, rowHeight] = [56, 14];
  const lines = [
    ...plan.folds.slice(0, shownLines).map((fold) => lineOf(fold, `${plan.paths ? 'Split' : 'Fold'} ${fold.fold + 1}`)),
    ...(plan.holdout ? [lineOf(plan.holdout, 'Holdout')] : []),
  ];
  const more = plan.folds.length - shownLines;
  return (
    <>
      <svg
        role="img"
        aria-label={`${plan.folds.length} ${plan.paths ? 'splits' : 'folds'}${plan.holdout ? ' and a holdout' : ''} over ${bars} bars`}
        width={width}
        height={lines.length * rowHeight}
        className="block text-2xs"
      >
        <FoldLines
          lines={lines}
          x={(bar) => left + (bar / bars) * (width - left)}
          top={0}
          rowHeight={rowHeight}
          titleOf={(label, from, to) => `${label}: bars ${from + 1} to ${to}`}
        />
      </svg>
      {more > 0 && <p className="text-2xs text-faint">and {more} more splits</p>}
    </>
  );
}

const lineOf = ({ train, validation, test }: PlannedFold, name: string): FoldLine => {
  const spans = (ranges: readonly BarRange[]) => ranges.map(({ start, end }) => [start, end] as const);
  return { name, blocks: { train: spans(train), validation: spans(validation), test: spans(test) } };
};
