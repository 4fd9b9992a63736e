import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loggedEventSchema, qualityReportSchema } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import type { RunRecord } from '../../orchestrator/runRecord.ts';
import { readRunFolder } from '../runFolders.ts';

export interface ReportedRun {
  readonly record: RunRecord;
  readonly view: RunView;
}

/**
 * A run as its folder tells it: its events folded, where it kept them; else what its record says, which is all but the losses.
 * @throws UsageError where the folder holds no run
 */
export async function readReportedRun(runDir: string): Promise<ReportedRun> {
  const { record } = await readRunFolder(runDir);
  return { record, view: (await viewOfEvents(runDir)) ?? (await viewOfRecord(runDir, record)) };
}

/** null where there are none, or none that this version can read. A last line that was cut short is not there yet. */
async function viewOfEvents(runDir: string): Promise<RunView | null> {
  const view = emptyRunView();
  try {
    const text = await readFile(path.join(runDir, runDirectory.events), 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of whole.split('\n')) {
      if (line !== '' && !applyEvent(view, loggedEventSchema.parse(JSON.parse(line)))) return null;
    }
  } catch {
    return null;
  }
  return view.lastSeq === 0 ? null : view;
}

async function viewOfRecord(runDir: string, record: RunRecord): Promise<RunView> {
  const { state, reason, startedAt, endedAt, folds, summary, leftOut, selections, datasetId, symbols, features } =
    record;
  const at = (iso: string | null) => (iso === null ? null : Date.parse(iso));
  const quality = await qualityOf(runDir);
  const trainings = record.trainings.map(
    (training): [string, RunView['trainings'] extends Map<string, infer T> ? T : never] => [
      training.spec.id,
      {
        ...training,
        progress: null,
        losses: [],
        folds: training.outcome?.kind === 'completed' ? training.outcome.result.folds : [],
        startedAt: null,
        endedAt: null,
        pid: null,
      },
    ],
  );
  return {
    ...emptyRunView(),
    ...{ state, reason, folds, summary, leftOut, selections, quality },
    startedAt: at(startedAt),
    endedAt: at(endedAt),
    dataset:
      datasetId === null
        ? null
        : {
            ...{ id: datasetId, symbols, features, targets: record.config.targets },
            rows: quality?.rows ?? 0,
            bars: quality?.bars ?? 0,
          },
    trainings: new Map(trainings),
  };
}

async function qualityOf(runDir: string): Promise<RunView['quality']> {
  try {
    return qualityReportSchema.parse(JSON.parse(await readFile(path.join(runDir, runDirectory.quality), 'utf8')));
  } catch {
    return null;
  }
}
