import { type StageId, stageIds } from '@twostage/core/families/family';
import type { TrainingState } from '@twostage/core/runs/lifecycle';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';

export interface TimelineBar {
  readonly id: string;
  readonly label: string;
  readonly stage: StageId;
  readonly state: TrainingState;
  /** Epoch milliseconds; null until it begins. */
  readonly start: number | null;
  readonly end: number | null;
  /** Ends of its folds, epoch milliseconds. */
  readonly foldEnds: readonly number[];
}
export interface TimelineShape {
  /** The time axis, epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly bars: readonly TimelineBar[];
  readonly stages: readonly { readonly stage: StageId; readonly start: number; readonly end: number }[];
  /** When the last child of stage cpu had been reaped; null until then. */
  readonly barrierAt: number | null;
}

/** A run's trainings as bars on its time axis. What still runs ends now. null until it has begun. */
export function timelineShape(
  view: RunView,
  now: number,
  trainings: Iterable<TrainingView> = view.trainings.values(),
): TimelineShape | null {
  const start = view.startedAt ?? view.stages.cpu.startedAt ?? view.stages.gpu.startedAt;
  if (start === null) return null;
  const over = view.endedAt !== null;
  const bars = [...trainings].map((training): TimelineBar => {
    const { spec, startedAt } = training;
    let foldEnd = startedAt ?? 0;
    return {
      id: spec.id,
      label: trainingTitle(spec),
      stage: spec.stage,
      state: training.state,
      start: startedAt,
      end: startedAt === null ? null : (training.endedAt ?? (over ? view.endedAt! : now)),
      foldEnds: training.folds.map((fold) => {
        foldEnd += fold.seconds * 1000;
        return foldEnd;
      }),
    };
  });
  const end = Math.max(view.endedAt ?? now, start + 1000, ...bars.map((bar) => bar.end ?? 0));
  const stages = stageIds.flatMap((stage) => {
    const { startedAt, endedAt } = view.stages[stage];
    return startedAt === null ? [] : [{ stage, start: startedAt, end: endedAt ?? end }];
  });
  return { start, end, bars, stages, barrierAt: view.stages.cpu.endedAt };
}

const stepsSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** Round offsets from the start, in milliseconds, at most `most` of them. */
export function timeTicks(spanMs: number, most: number): number[] {
  const step =
    (stepsSeconds.find((seconds) => spanMs / (seconds * 1000) <= most) ??
      86_400 * Math.ceil(spanMs / (86_400_000 * most))) * 1000;
  const ticks: number[] = [];
  for (let at = 0; at <= spanMs; at += step) ticks.push(at);
  return ticks;
}

/** 0 s, 45 s, 2:30, 1:05:00 from the start. */
export function tickLabel(offsetMs: number): string {
  const seconds = Math.round(offsetMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
