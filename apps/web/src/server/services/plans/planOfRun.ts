import { DomainError } from '@twostage/core/errors';
import { checkJobParameters } from '@twostage/core/plans/checkJobParameters';
import { trainsSomething } from '@twostage/core/plans/counts';
import { filterPlan } from '@twostage/core/plans/filter';
import { requireTrainings } from '@twostage/core/plans/filterLines';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import type { RunPlan } from '@twostage/core/plans/runPlan';
import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';
import { catalogue, families } from '@twostage/families/catalogue';
import type { Transaction } from '@twostage/prisma/client';
import { announcePlan, isAsApproved, planOfText } from '@twostage/prisma/planVersions';
import type { z } from 'zod';
import type { startRunInput } from '../../contracts/runs.ts';
import { closest } from '../closest.ts';
import type { ServiceContext } from '../context.ts';
import { demandSameText, lockForReview, nameOf } from './lockedVersion.ts';

interface PlannedStart {
  readonly config: RunConfig;
  readonly planVersion: NonNullable<z.output<typeof startRunInput>['planVersion']>;
  readonly known: { readonly name: string; readonly symbols: readonly string[] };
}

const mostTargets = 50;

/**
 * The configuration of a run that executes an approved version: with the plan's jobs, and the targets of those that train something. The
 * version is locked until the run is queued, so that it is approved at that moment.
 * @throws DomainError FORBIDDEN, NOT_FOUND; CONFLICT where the version is not approved or not the one that was seen; INVALID_INPUT where
 * nothing is left to train, with a line a reason; UNKNOWN_SYMBOL
 */
export async function planOfRun(
  context: ServiceContext,
  tx: Transaction,
  { config, planVersion: { versionId, hash, targets: asked }, known }: PlannedStart,
): Promise<RunConfig> {
  const { version } = await lockForReview(context, tx, 'launch', versionId);
  demandSameText(version, hash);
  if (!isAsApproved(version))
    throw new DomainError(
      'CONFLICT',
      `${nameOf(version)} is not the text that was approved: it was changed past review`,
      {
        field: 'planVersion.hash',
      },
    );
  const { jobs } = planOfText(version.text);
  const source = {
    kind: 'version',
    ...{ planId: version.planId, versionId, planName: version.plan.name, number: version.number },
  } as const;
  const symbols = config.symbols.length > 0 ? config.symbols : known.symbols;
  const plan: RunPlan = { source, hash, jobs };
  checkAsked(asked, jobs);
  checkJobParameters(jobs, config.parameters, catalogue);
  const filtered = filterPlan({
    ...{ jobs, catalogue: families, modelTypes: config.modelTypes, families: config.families, targets: asked },
    ...{ symbols, knownSymbols: known.symbols },
  });
  const { targets } = requireTrainings(filtered, jobs, nameOf(version));
  if (targets.length > mostTargets)
    throw new DomainError(
      'INVALID_INPUT',
      `${nameOf(version)} trains ${targets.length} targets; a run takes ${mostTargets} at most: choose some of them`,
      { field: 'planVersion.targets' },
    );
  await announcePlan(tx, version.planId);
  return runConfigSchema.parse({ ...config, targets, plan });
}

function checkAsked(asked: readonly string[], jobs: readonly PlanJob[]): void {
  const planned = new Set(jobs.filter(trainsSomething).map(({ target }) => target));
  asked.forEach((target, at) => {
    if (planned.has(target)) return;
    throw new DomainError(
      'UNKNOWN_TARGET',
      `the plan trains no target "${target}"; it trains ${closest(target, [...planned], 8).join(', ')}`,
      { field: `planVersion.targets.${at}` },
    );
  });
}
