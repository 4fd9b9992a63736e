import { assertNever } from '@twostage/core/errors';
import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { icMissingText } from '@twostage/core/runs/icMissing';
import type { Metrics, Outcome } from '@twostage/core/runs/training';
import type { RunView } from '@twostage/core/runs/view';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { progressTable } from './progressTable.ts';
import { preparedLines } from './qualityLines.ts';
import { bytes, duration, figure, write } from './terminal.ts';

/** Shows a run while it goes on. */
export interface Reporter {
  event(logged: LoggedEvent, view: RunView): void;
  /** No more events come; what was drawn stays. */
  end(): void;
}

/** `--json`: every event, one a line, and nothing else on stdout. */
export const jsonReporter = (): Reporter => ({
  event: (logged) => write(JSON.stringify(logged)),
  end() {},
});

/**
 * For pipes and logs: a line a change, progress at most every 5 seconds a training.
 * @param qualityFile where the whole quality report will lie
 */
export function lineReporter(qualityFile: string, print: (line: string) => void = write): Reporter {
  const shownMs = new Map<string, number>();
  const startedStages = new Set<string>();
  return {
    event({ event, at }) {
      if (event.kind === 'stage.started') startedStages.add(event.stage);
      // A stage without a training ends without having begun.
      if (event.kind === 'stage.ended' && !startedStages.has(event.stage)) return;
      if (event.kind === 'training.progress') {
        if (at - (shownMs.get(event.training) ?? 0) < 5000) return;
        shownMs.set(event.training, at);
      }
      for (const line of linesOf(event, qualityFile)) print(line);
    },
    end() {},
  };
}

/**
 * For a terminal: the head lines stay, the table below them is redrawn.
 * @param qualityFile where the whole quality report will lie
 */
export function terminalReporter(qualityFile: string, stream: NodeJS.WriteStream): Reporter {
  const draw = createLogUpdate(stream);
  let current: RunView | null = null;
  const redraw = () => {
    if (current) draw(progressTable(current, Date.now(), { columns: stream.columns ?? 80, rows: stream.rows ?? 24 }));
  };
  const timer = setInterval(redraw, 200);
  return {
    event({ event }, view) {
      current = view;
      const lines = isHeadline(event) ? linesOf(event, qualityFile) : [];
      if (lines.length === 0) return;
      draw.clear();
      for (const line of lines) write(line);
      redraw();
    },
    end() {
      clearInterval(timer);
      redraw();
      draw.done();
    },
  };
}

/** What stays on a terminal beside the table. */
function isHeadline(event: RunEvent): boolean {
  if (event.kind === 'log') return event.stream === 'runner';
  if (event.kind === 'training.ended') return event.outcome.kind !== 'completed';
  return event.kind === 'run.prepared' || event.kind === 'run.planned';
}

function linesOf(event: RunEvent, qualityFile: string): string[] {
  switch (event.kind) {
    case 'run.stateChanged':
    case 'run.judged':
      // How a run ended is said by the command, with the leaderboard, and so is what its best training is worth.
      return [];
    case 'run.prepared':
      return preparedLines(event, qualityFile);
    case 'run.planned':
      return event.summary;
    case 'stage.started':
      return [`stage ${event.stage} started`];
    case 'stage.ended':
      return [`stage ${event.stage} ended`];
    case 'training.started':
      return [`${event.training}: started, ${event.threads} ${event.threads === 1 ? 'thread' : 'threads'}`];
    case 'training.progress': {
      const { phase, fold, folds, step, totalSteps, validationLoss, etaMs } = event.progress;
      const steps = totalSteps > 0 ? ` ${step}/${totalSteps}` : '';
      const loss = validationLoss === null ? '' : `, validation loss ${figure(validationLoss, 5)}`;
      const left = etaMs === null ? '' : `, ${duration(etaMs)} left`;
      return [`${event.training}: fold ${fold + 1}/${folds}, ${phase}${steps}${loss}${left}`];
    }
    case 'training.foldEnded': {
      const { fold, metrics, seconds } = event.result;
      return [`${event.training}: fold ${fold + 1} done in ${duration(seconds * 1000)}, ${icText(metrics)}`];
    }
    case 'training.ended':
      return [
        `${event.training}: ${outcomeText(event.outcome)} after ${duration(event.seconds * 1000)}${event.peakRssBytes === null ? '' : `, peak memory ${bytes(event.peakRssBytes)}`}`,
      ];
    case 'training.requeued':
      return [`${event.training}: starts again, ${event.reason}`];
    case 'log': {
      const from = event.training === null ? '' : `${event.training}: `;
      return [pc.dim(`${from}${event.line}`)];
    }
    default:
      return assertNever(event);
  }
}

function icText(metrics: Pick<Metrics, 'ic' | 'icKind' | 'icMissing'>): string {
  if (metrics.ic !== null) return `IC ${figure(metrics.ic)}`;
  const reason = icMissingText(metrics);
  return `IC not defined${reason === null ? '' : `: ${reason}`}`;
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'completed': {
      const { holdout } = outcome.result.metrics;
      return `${pc.green('completed')}${holdout ? `, holdout ${icText(holdout)}` : ''}`;
    }
    case 'failed':
    case 'killed':
    case 'skipped':
      return `${pc.red(outcome.kind)}: ${outcome.message}`;
    case 'timedOut':
      return pc.red(`timed out (deadline ${duration(outcome.afterMs)})`);
    case 'cancelled':
      return pc.yellow('cancelled');
    default:
      return assertNever(outcome);
  }
}
