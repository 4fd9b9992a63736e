import type { FamilyId } from '@twostage/core/families/family';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import Link from 'next/link';
import type { RunRow } from '../../../server/contracts/runs.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { Progress } from '../../../ui/Progress.tsx';
import { progressOf } from './listQuery.ts';

/** The first families by name, the rest as a number. */
export function FamilyList({ families, most = 2 }: { families: readonly FamilyId[]; most?: number }) {
  const rest = families.length - most;
  return (
    <span className="whitespace-nowrap" title={families.join(', ')}>
      {families.slice(0, rest === 1 ? most + 1 : most).join(', ')}
      {rest > 1 && <span className="text-faint"> +{rest}</span>}
    </span>
  );
}

/** The version of a plan that a run executes; nothing where it is exploratory, as most are. */
export function PlanOfRun({ plan }: Pick<RunRow, 'plan'>) {
  if (!plan) return null;
  const name = `${plan.name} v${plan.number}`;
  return (
    <Link
      href={`/plans/${plan.planId}/v/${plan.number}`}
      title={`Executes the approved plan ${name}`}
      className="max-w-40 shrink-0 rounded"
    >
      <Badge tone="good" className="max-w-full">
        <span className="truncate">{name}</span>
      </Badge>
    </Link>
  );
}

export function RunProgress({ run }: { run: Pick<RunRow, 'trainings' | 'state' | 'number'> }) {
  const { total, completed, failed } = run.trainings;
  if (total === 0) return <span className="text-faint">–</span>;
  const ended = completed + failed;
  const tone = failed > 0 ? (completed > 0 ? 'warn' : 'bad') : hasEnded(run.state) ? 'good' : 'accent';
  return (
    <span className="flex items-center gap-2" title={`${completed} completed, ${failed} failed, of ${total}`}>
      <Progress
        value={progressOf(run)}
        label={`Trainings of run ${run.number} that ended`}
        tone={tone}
        className="w-14"
      />
      <span className="whitespace-nowrap text-muted">
        {ended}/{total}
      </span>
    </span>
  );
}
