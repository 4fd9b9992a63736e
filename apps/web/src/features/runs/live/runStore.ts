import { messageOf } from '@twostage/core/errors';
import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';

/** What a component watches: a change elsewhere does not draw it again. */
export type Topic = 'run' | 'results' | 'logs' | 'losses' | `training:${string}`;

export interface RunStoreEffects {
  /** Asks for the events after `seq`; the answer comes back through `push`. */
  readonly requestAfter: (seq: number) => void;
  /** Calls back before the next picture is drawn; returns how to take it back. */
  readonly schedule: (callback: () => void) => () => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** An unanswered request for missing events is repeated after this time. */
const repairAfterMs = 2000;

/**
 * A run as the browser knows it, outside React: events are queued as they come and folded once a frame, so that a
 * thousand a second cost one draw. Events that come too early wait until the hole before them is mended.
 */
export class RunStore {
  readonly view: RunView = emptyRunView();
  /** What the log of events could not mean, for the person; null while all is well. */
  fault: string | null = null;
  private queue: LoggedEvent[] = [];
  private readonly early = new Map<number, LoggedEvent>();
  private readonly revisions = new Map<Topic, number>();
  private readonly listeners = new Set<() => void>();
  private cancelFrame: (() => void) | null = null;
  private asked: { seq: number; at: number } | null = null;

  constructor(private readonly effects: RunStoreEffects) {}

  /** Takes events in any order, seen or not; they show after the next frame. */
  push(events: readonly LoggedEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.queue.push(event);
    this.cancelFrame ??= this.effects.schedule(() => {
      this.cancelFrame = null;
      this.flush();
    });
  }

  /** Folds what is queued now. */
  flush(): void {
    const queued = this.queue;
    this.queue = [];
    const changed = new Set<Topic>();
    for (const event of queued) {
      if (event.seq <= this.view.lastSeq) continue;
      if (event.seq > this.view.lastSeq + 1) this.early.set(event.seq, event);
      else this.fold(event, changed);
    }
    this.foldEarly(changed);
    this.mendHole();
    if (changed.size === 0) return;
    for (const topic of changed) this.revisions.set(topic, this.revision(topic) + 1);
    for (const listener of this.listeners) listener();
  }

  revision(topic: Topic): number {
    return this.revisions.get(topic) ?? 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes back a frame that is asked for; the next push asks for another. */
  dispose(): void {
    this.cancelFrame?.();
    this.cancelFrame = null;
  }

  private foldEarly(changed: Set<Topic>): void {
    for (let next = this.early.get(this.view.lastSeq + 1); next; next = this.early.get(this.view.lastSeq + 1)) {
      this.fold(next, changed);
    }
    for (const seq of this.early.keys()) if (seq <= this.view.lastSeq) this.early.delete(seq);
  }

  private fold(event: LoggedEvent, changed: Set<Topic>): void {
    try {
      applyEvent(this.view, event);
    } catch (error) {
      this.fault ??= `event ${event.seq}: ${messageOf(error)}`;
      changed.add('run');
    }
    for (const topic of topicsOf(event.event)) changed.add(topic);
  }

  private mendHole(): void {
    if (this.early.size === 0) {
      this.asked = null;
      return;
    }
    const { lastSeq } = this.view;
    const now = this.effects.now();
    if (this.asked?.seq === lastSeq && now - this.asked.at < repairAfterMs) return;
    this.asked = { seq: lastSeq, at: now };
    this.effects.requestAfter(lastSeq);
  }
}

function topicsOf(event: RunEvent): Topic[] {
  switch (event.kind) {
    case 'run.stateChanged':
    case 'run.prepared':
    case 'run.planned':
    case 'run.judged':
    case 'stage.started':
    case 'stage.ended':
      return ['run', 'results', 'losses'];
    case 'training.started':
    case 'training.requeued':
    case 'training.foldEnded':
    case 'training.ended':
      return [`training:${event.training}`, 'results', 'losses'];
    case 'training.progress':
      return [`training:${event.training}`, 'losses'];
    case 'log':
      return ['logs'];
  }
}

/** The next animation frame; a hidden page has none, so there a timer. */
export function nextFrame(callback: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(callback, 250);
    return () => clearTimeout(timer);
  }
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const frame = requestAnimationFrame(once);
  // A page that is hidden in between would wait for ever.
  const timer = setTimeout(once, 500);
  return () => {
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
