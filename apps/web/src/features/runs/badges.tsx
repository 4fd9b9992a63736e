import type { StageId } from '@twostage/core/families/family';
import type { RunState, TrainingState } from '@twostage/core/runs/lifecycle';
import {
  Ban,
  Check,
  CircleDashed,
  CircleSlash,
  Clock,
  Loader2,
  type LucideIcon,
  SkipForward,
  TriangleAlert,
  X,
  Zap,
} from 'lucide-react';
import { Badge, type Tone } from '../../ui/Badge.tsx';

interface Look {
  label: string;
  tone: Tone;
  icon: LucideIcon;
  spins?: boolean;
}

export const runLooks: Record<RunState, Look> = {
  queued: { label: 'Queued', tone: 'neutral', icon: Clock },
  preparing: { label: 'Preparing', tone: 'accent', icon: Loader2, spins: true },
  running: { label: 'Running', tone: 'accent', icon: Loader2, spins: true },
  completed: { label: 'Completed', tone: 'good', icon: Check },
  partial: { label: 'Partial', tone: 'warn', icon: TriangleAlert },
  failed: { label: 'Failed', tone: 'bad', icon: X },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: Ban },
};

export const trainingLooks: Record<TrainingState, Look> = {
  pending: { label: 'Pending', tone: 'neutral', icon: CircleDashed },
  running: { label: 'Running', tone: 'accent', icon: Loader2, spins: true },
  completed: { label: 'Completed', tone: 'good', icon: Check },
  failed: { label: 'Failed', tone: 'bad', icon: X },
  timedOut: { label: 'Timed out', tone: 'bad', icon: Clock },
  killed: { label: 'Killed', tone: 'bad', icon: Zap },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: CircleSlash },
  skipped: { label: 'Skipped', tone: 'neutral', icon: SkipForward },
};

function StateBadge({ look, title }: { look: Look; title?: string }) {
  const Icon = look.icon;
  return (
    <Badge
      tone={look.tone}
      title={title}
      icon={<Icon aria-hidden className={look.spins ? 'size-3 animate-spin' : 'size-3'} />}
    >
      {look.label}
    </Badge>
  );
}

export const RunStateBadge = ({ state, reason }: { state: RunState; reason?: string | null }) => (
  <StateBadge look={runLooks[state]} title={reason ?? undefined} />
);
export const TrainingStateBadge = ({ state, reason }: { state: TrainingState; reason?: string | null }) => (
  <StateBadge look={trainingLooks[state]} title={reason ?? undefined} />
);

/** Stands wherever figures come from a generated market. */
export const SimulatedBadge = () => (
  <Badge tone="warn" title="This market was generated: its figures say nothing about a real one">
    Simulated
  </Badge>
);

/** @param features that seem to know the future */
export const LeakBadge = ({ features }: { features: readonly string[] }) => (
  <Badge
    tone="bad"
    title={`Trained on what only the future knows: ${features.join(', ')}. Its figures are too good to be true`}
  >
    Leak
  </Badge>
);

export const stageNames: Record<StageId, string> = { cpu: 'Stage 1 · CPU', gpu: 'Stage 2 · GPU' };
