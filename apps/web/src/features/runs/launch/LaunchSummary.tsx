'use client';
import { useQuery } from '@tanstack/react-query';
import { fitsOf } from '@twostage/core/evaluation/planValidation';
import { foldSettingsSchema, type RunConfig } from '@twostage/core/runs/config';
import { planStages } from '@twostage/core/stages/planStages';
import type { Offer } from '@twostage/core/stages/suitability';
import { catalogue } from '@twostage/families/catalogue';
import { Rocket } from 'lucide-react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { DatasetRow } from '../../../server/contracts/datasets.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Callout } from '../../../ui/Feedback.tsx';
import { duration, plural } from '../../../ui/format.ts';
import { Kbd } from '../../../ui/Kbd.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { cliCommand } from '../cliCommand.ts';
import { estimateMs } from './estimate.ts';
import { configOf, familiesOfMode, type LaunchValues, trainedFamilies } from './launchForm.ts';

/** What will happen, beside the form; stays in sight on wide screens. */
export function LaunchSummary({
  datasets,
  offer,
  busy,
  refusal,
}: {
  datasets: readonly DatasetRow[];
  offer: Offer;
  busy: boolean;
  refusal: string | null;
}) {
  const { control, formState } = useFormContext<LaunchValues>();
  const values = useWatch({ control }) as LaunchValues;
  const { config } = values;
  const dataset = datasets.find(({ id }) => id === values.datasetId);
  const chosen = trainedFamilies(config, offer);
  const left = familiesOfMode(config.modelTypes).filter(
    (family) => config.families.includes(family) && !chosen.includes(family),
  );
  const symbols = placedSymbols(config.symbols, offer);
  const [cpu, gpu] = planStages(
    chosen.map((family) => catalogue[family]),
    config.targets,
    { scope: config.scope, symbols },
  );
  const trainings = cpu.trainings.length + gpu.trainings.length;
  const fits = foldSettingsSchema.safeParse(config.folds).success ? fitsOf(config.folds) : null;
  const resolved = dataset ? configOf(values, dataset.path, dataset.symbolCount) : null;
  const command = resolved && trainings > 0 ? cliCommand(resolved) : null;
  const wrong = Object.keys(formState.errors).length > 0;
  return (
    <aside aria-label="Summary" className="min-w-0 lg:sticky lg:top-16">
      <Panel title="Summary">
        <p className="font-semibold text-base">
          {plural(trainings, 'training')}
          {trainings > 0 && ': '}
          {cpu.trainings.length > 0 && <span className="text-cpu">{cpu.trainings.length} CPU</span>}
          {cpu.trainings.length > 0 && gpu.trainings.length > 0 && ' then '}
          {gpu.trainings.length > 0 && <span className="text-gpu">{gpu.trainings.length} GPU</span>}
        </p>
        <p className="mt-1 text-muted">
          {plural(chosen.length, 'family', 'families')} × {plural(config.targets.length, 'target')}
          {config.scope !== 'crossSectional' && symbols.length > 0 && ` × ${scopeCount(config.scope, symbols.length)}`}
          {fits !== null && trainings > 0 && `, ${plural(fits, 'fit')} each: ${plural(trainings * fits, 'fit')}`}
        </p>
        <p className="mt-1 text-muted">
          {config.symbols.length > 0
            ? plural(config.symbols.length, 'symbol')
            : dataset?.symbolCount != null
              ? `all ${plural(dataset.symbolCount, 'symbol')}`
              : 'every symbol'}
          {dataset && ` of ${dataset.name}`}
        </p>
        {left.length > 0 && (
          <p className="mt-1 text-warn">
            Left out: {left.map((family) => catalogue[family].title).join(', ')}; the form says why
          </p>
        )}
        <Estimate datasetId={values.datasetId} trainings={trainings} />
        {refusal && (
          <Callout tone="bad" className="mt-3">
            {refusal}
          </Callout>
        )}
        {wrong && !refusal && (
          <p className="mt-3 text-bad text-xs">Something needs a look: it is marked in the form.</p>
        )}
        <Button
          type="submit"
          variant="primary"
          size="lg"
          className="mt-4 w-full"
          busy={busy}
          icon={<Rocket aria-hidden className="size-4" />}
        >
          Launch
        </Button>
        <p className="mt-2 flex items-center justify-center gap-1 text-faint text-xs max-lg:hidden">
          <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
        </p>
        {command && (
          <div className="mt-4 border-line border-t pt-3">
            <div className="mb-1 flex items-center">
              <h3 className="font-medium text-xs">The same in a terminal</h3>
              <CopyButton text={command} label="Copy the command" said="Command copied" size="sm" className="ml-auto" />
            </div>
            <pre className="scroll-thin max-h-52 overflow-auto rounded border border-line bg-sunken p-2 font-mono text-2xs leading-4">
              {command}
            </pre>
          </div>
        )}
      </Panel>
    </aside>
  );
}

/** Only how many there are matters to the plan; names stand in until they are chosen. */
const placedSymbols = (chosen: readonly string[], { symbols }: Offer): string[] =>
  chosen.length > 0 ? [...chosen] : Array.from({ length: symbols ?? 0 }, (_, index) => String(index));

const scopeCount = (scope: RunConfig['scope'], symbols: number): string =>
  scope === 'both' ? `(1 + ${plural(symbols, 'symbol')})` : plural(symbols, 'symbol');

/** From earlier runs on the same data; nothing is guessed where there are none. */
function Estimate({ datasetId, trainings }: { datasetId: string; trainings: number }) {
  const trpc = useTRPC();
  const earlier = useQuery({
    ...trpc.runs.list.queryOptions({ datasetId, states: ['completed'], limit: 10 }),
    enabled: datasetId !== '',
  });
  const estimate = estimateMs(earlier.data?.runs ?? [], trainings);
  if (estimate === null) return null;
  return <p className="mt-1 text-muted">About {duration(estimate)}, as earlier runs on this dataset went</p>;
}
