import { DomainError } from '@twostage/core/errors';
import { resolveParameters } from '@twostage/core/families/parameters';
import type { RunConfig } from '@twostage/core/runs/config';
import { chooseFamilies, planStages, type StagePlan, summaryLines } from '@twostage/core/stages/planStages';
import { families } from '@twostage/families/catalogue';

export interface RunPlan {
  readonly stages: readonly StagePlan[];
  readonly summary: readonly string[];
}

/**
 * What a config trains, in order. Pure.
 * @throws DomainError INVALID_INPUT where no family is left, or a parameter is unknown or out of bounds
 */
export function planRun(config: RunConfig): RunPlan {
  const chosen = chooseFamilies(families, config.modelTypes, config.families);
  if (chosen.length === 0) {
    const asked = config.families.join(', ');
    throw new DomainError(
      'INVALID_INPUT',
      `nothing to train: --model-types ${config.modelTypes} leaves none of ${asked}; its families are ${chooseFamilies(
        families,
        config.modelTypes,
        [],
      )
        .map(({ id }) => id)
        .join(', ')}`,
      { field: 'families' },
    );
  }
  for (const family of chosen) resolveParameters(family, config.parameters[family.id] ?? {});
  return { stages: planStages(chosen, config.targets), summary: summaryLines(chosen, config.modelTypes) };
}
