import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import { expect } from 'vitest';
import type { EventSink } from '../src/orchestrator/executeRun.ts';

type OnEvent = (event: RunEvent, log: MemoryLog) => void;

/** Acts on the first event alone: progress that was under way when a process was killed still arrives after its end. */
export function onFirst(is: (event: RunEvent, log: MemoryLog) => boolean, act: () => void): OnEvent {
  let acted = false;
  return (event, log) => {
    if (acted || !is(event, log)) return;
    acted = true;
    act();
  };
}

/** Keeps the events of a run as a database would, and lets a test act on each. */
export class MemoryLog implements EventSink {
  readonly events: RunEvent[] = [];
  readonly logged: LoggedEvent[] = [];
  readonly view: RunView = emptyRunView();
  constructor(readonly onEvent: OnEvent = () => {}) {}

  async append(events: readonly RunEvent[]): Promise<void> {
    for (const event of events) {
      const logged = { runId: 'r', seq: this.view.lastSeq + 1, at: Date.now(), event };
      expect(applyEvent(this.view, logged)).toBe(true);
      this.events.push(event);
      this.logged.push(logged);
      this.onEvent(event, this);
    }
  }
  ofKind<Kind extends RunEvent['kind']>(kind: Kind) {
    return this.events.filter((event): event is Extract<RunEvent, { kind: Kind }> => event.kind === kind);
  }
  states() {
    return Object.fromEntries([...this.view.trainings.values()].map(({ spec, state }) => [spec.family, state]));
  }
}
