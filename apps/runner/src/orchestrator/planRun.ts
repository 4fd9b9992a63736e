import { DomainError } from '@twostage/core/errors';
import type { FamilyDefinition } from '@twostage/core/families/family';
import { resolveParameters } from '@twostage/core/families/parameters';
import type { PlanLeftOut } from '@twostage/core/plans/leftOut';
import type { RunConfig } from '@twostage/core/runs/config';
import type { TrainingSpec } from '@twostage/core/runs/training';
import { checkJobParameters } from '@twostage/core/plans/checkJobParameters';
import { chooseFamilies, planStages, summaryLines } from '@twostage/core/stages/planStages';
import { chooseSuitable, type Suitable } from '@twostage/core/stages/suitability';
import { catalogue, families } from '@twostage/families/catalogue';
import { type PlannedConfig, planJobs, planSummary } from './planJobs.ts';

export interface RunPlan {
  /** In running order: every one of stage cpu before any of stage gpu. */
  readonly trainings: readonly TrainingSpec[];
  readonly summary: readonly string[];
  /** Of a run with a training plan: what of it is not trained. */
  readonly leftOut?: readonly PlanLeftOut[];
}

/**
 * What is wrong with a config before its data are read. Pure.
 * @throws DomainError INVALID_INPUT where no family is left, one that was named can't be trained, or a parameter is unknown or
 *   out of bounds
 */
export function checkConfig(config: RunConfig): void {
  if (isPlanned(config)) {
    checkJobParameters(config.plan.jobs, config.parameters, catalogue);
    return;
  }
  for (const family of suitable(config, config.symbols.length > 0 ? distinct(config.symbols) : null).families)
    resolveParameters(family, config.parameters[family.id] ?? {});
}

/**
 * What a config trains on a dataset, in order. Pure.
 * @param symbols every symbol of the dataset
 * @param knownSymbols those of the data, of which a training plan may speak
 * @throws DomainError INVALID_INPUT as `checkConfig`, now that the symbols are known; what `planJobs` throws
 */
export function planRun(config: RunConfig, symbols: readonly string[], knownSymbols = symbols): RunPlan {
  if (isPlanned(config)) {
    const filtered = planJobs(config, symbols, knownSymbols);
    const { trainings, leftOut } = filtered;
    return { trainings, summary: planSummary(config, filtered), leftOut };
  }
  const { families: chosen, leftOut } = suitable(config, symbols.length);
  const { scope } = config;
  const trainings = planStages(chosen, config.targets, { scope, symbols }).flatMap((stage) => stage.trainings);
  const scopeLine = {
    crossSectional: [],
    symbol: [`🔬 Scope: a model of each symbol: ${symbols.length} × ${modelCount(trainings.length / symbols.length)}`],
    both: [`🔬 Scope: a model of all symbols and one of each: ${modelCount(trainings.length)}`],
  }[scope];
  return {
    trainings,
    summary: [...summaryLines(chosen, config.modelTypes), ...scopeLine, ...leftOut.map((line) => `⏭️ ${line}`)],
  };
}

export const isPlanned = (config: RunConfig): config is PlannedConfig => config.plan !== undefined;

const distinct = (names: readonly string[]): number => new Set(names).size;
const modelCount = (count: number): string => `${count} ${count === 1 ? 'training' : 'trainings'}`;

function suitable(config: RunConfig, symbols: number | null): Suitable {
  const named = config.families;
  const chosen = chooseFamilies(families, config.modelTypes, named);
  if (chosen.length === 0) throw nothingToTrain(config);
  return chooseSuitable(chosen, named, { scope: config.scope, symbols, targets: distinct(config.targets) });
}

function nothingToTrain({ modelTypes, families: named }: RunConfig): DomainError {
  const ids = (list: readonly FamilyDefinition[]) => list.map(({ id }) => id).join(', ');
  return new DomainError(
    'INVALID_INPUT',
    `nothing to train: --model-types ${modelTypes} leaves none of ${named.join(', ')}; its families are ${ids(chooseFamilies(families, modelTypes, []))}`,
    { field: 'families' },
  );
}
