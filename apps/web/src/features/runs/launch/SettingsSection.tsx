'use client';
import { ChevronRight } from 'lucide-react';
import { useFormContext } from 'react-hook-form';
import type { DatasetRow } from '../../../server/contracts/datasets.ts';
import { Field } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { ChoiceField, NumberField } from './fields.tsx';
import { FoldsSection } from './FoldsSection.tsx';
import type { LaunchValues } from './launchForm.ts';

/** Features, folds, and what each training may use. */
export function SettingsSection({ datasets }: { datasets: readonly DatasetRow[] }) {
  return (
    <>
      <Panel title="Features">
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
          <ChoiceField
            path="config.features"
            label="Features"
            help="Alpha158, unless the data say that they bring their own; the files' numeric columns join them."
          >
            <option value="auto">Automatic</option>
            <option value="alpha158">Alpha158 (158)</option>
            <option value="basic">Basic (43, faster)</option>
            <option value="given">Those of the files</option>
          </ChoiceField>
          <ChoiceField
            path="config.normalisation"
            label="Across symbols"
            help="How features of one bar are made comparable: a robust z-score, none for given ones or below five symbols."
          >
            <option value="auto">Automatic</option>
            <option value="robust-z">Robust z-score</option>
            <option value="rank">Rank</option>
            <option value="none">None</option>
          </ChoiceField>
          <NumberField
            path="config.targetLagBars"
            label="Entry lag"
            hint="bars, 0 – 100"
            help="From a signal to its trade: 1 trades at the next close."
          />
        </div>
      </Panel>
      <FoldsSection datasets={datasets} />
      <Panel title="Portfolio that judges the forecasts">
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-4">
          <NumberField
            path="config.costBasisPoints"
            label="Trading costs"
            hint="basis points, 0 – 1000"
            step="any"
            help="Of what is bought or sold; 5 are 0.05 %."
          />
          <NumberField
            path="config.quantiles"
            label="Quantiles"
            hint="2 – 20"
            help="The highest of so many groups is held against the lowest."
          />
        </div>
      </Panel>
      <Panel title="Resources and reproducibility">
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
          <NumberField
            path="config.lookback"
            label="Lookback"
            hint="bars, 2 – 512"
            help="Bars a sequence family sees."
          />
          <NumberField path="config.seed" label="Seed" help="Same seed, same data: same numbers on CPU." />
          <ChoiceField
            path="config.device"
            label="Device"
            help="Of stage 2; stage 1 never sees a GPU. Where one is missing, CPU takes its place and that is said."
          >
            <option value="auto">Automatic</option>
            <option value="cpu">CPU</option>
            <option value="cuda">CUDA</option>
            <option value="webgpu">WebGPU</option>
          </ChoiceField>
        </div>
        <details className="group mt-3 border-line border-t pt-1">
          <summary className="flex h-8 cursor-pointer list-none items-center gap-1.5 rounded text-muted text-xs hover:text-ink [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            Advanced
          </summary>
          <div className="grid gap-x-4 gap-y-3 pt-1 sm:grid-cols-2 xl:grid-cols-4">
            <NumberField path="config.threads" label="Threads" hint="0: every core" help="A training may use." />
            <NumberField
              path="config.deadlineSeconds"
              label="Deadline"
              hint="seconds"
              help="A training that takes longer is stopped."
            />
            <NumberField
              path="config.memoryCapMb"
              label="Memory cap"
              hint="MiB"
              help="A training that takes more is killed."
            />
            <SwitchField
              path="config.packing"
              label="Packing"
              help="One-thread trainings of stage 1 run beside each other. Results do not depend on it."
              says="no core idles"
            />
            <SwitchField
              path="config.allowLeaks"
              label="Leaks"
              help="A feature that seems to know the future stops the run, unless it is told to go on; it is marked then."
              says="train all the same"
            />
          </div>
        </details>
      </Panel>
    </>
  );
}

interface SwitchLook {
  path: 'config.packing' | 'config.allowLeaks';
  label: string;
  help: string;
  says: string;
}

function SwitchField({ path, label, help, says }: SwitchLook) {
  const { register } = useFormContext<LaunchValues>();
  return (
    <Field label={label} help={help}>
      {(wiring) => (
        <span className="flex h-8 items-center gap-2 text-sm">
          <input {...wiring} {...register(path)} type="checkbox" className="size-4" /> {says}
        </span>
      )}
    </Field>
  );
}
