import { DomainError } from '@twostage/core/errors';
import { type LoggedEvent, loggedEventSchema, type RunEvent, runEventSchema } from '@twostage/core/runs/events';
import type { RunState, TrainingState } from '@twostage/core/runs/lifecycle';
import type { TrainingSpec } from '@twostage/core/runs/training';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import type { Database, Transaction } from './client.ts';
import {
  emptySummary,
  needsTrainings,
  project,
  type RunPatch,
  type RunSummary,
  type TrainingPatch,
} from './projection.ts';
import { storable } from './storable.ts';

/** NOTIFY payload: `<runId>:<seq of the newest event>`. */
export const runEventsChannel = 'run_events';

export interface AppendInput {
  readonly runId: string;
  readonly events: readonly RunEvent[];
  /** Where given, the run must still be leased under it. The web process appends without one. */
  readonly leaseToken?: string;
}

/**
 * Appends events to a run's log and projects them onto the run and its trainings, in one transaction that also announces them.
 * Appenders of one run wait for each other, so sequence numbers have no hole and no double.
 * @throws DomainError NOT_FOUND, LEASE_LOST, ILLEGAL_TRANSITION, INVALID_INPUT (an event that breaks its schema)
 */
export function appendEvents(database: Database, input: AppendInput): Promise<LoggedEvent[]> {
  return database.$transaction((tx) => appendEventsIn(tx, input), { maxWait: 10_000, timeout: 20_000 });
}

/** The same as part of a transaction of the caller's. */
export async function appendEventsIn(tx: Transaction, input: AppendInput): Promise<LoggedEvent[]> {
  const { runId, leaseToken } = input;
  if (input.events.length === 0) return [];
  const events = input.events.map(checked);
  const run = await lockRun(tx, runId);
  if (leaseToken !== undefined && run.leaseToken !== leaseToken)
    throw new DomainError('LEASE_LOST', `run ${runId} is leased to another runner; this one's events are refused`);

  const trainings = needsTrainings(events) ? await readTrainings(tx, runId) : new Map();
  const at = new Date();
  const head = { state: run.state, startedAt: run.startedAt, summary: { ...emptySummary, ...run.summary } };
  const change = project(head, trainings, events, at.toISOString());

  if (change.planned.length > 0) await insertTrainings(tx, runId, change.planned, trainings.size);
  await write(tx, runId, run.lastSeq, at, events, change.run, change.trainings);
  return events.map((event, index) => ({ runId, seq: run.lastSeq + 1 + index, at: at.getTime(), event }));
}

function checked(event: RunEvent): RunEvent {
  const parsed = runEventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DomainError('INVALID_INPUT', `event ${event.kind}: ${issue.path.join('.')}: ${issue.message}`, {
    cause: parsed.error,
  });
}

interface LockedRun {
  state: RunState;
  lastSeq: number;
  leaseToken: string | null;
  startedAt: string | null;
  summary: Partial<RunSummary>;
}

async function lockRun(tx: Transaction, runId: string): Promise<LockedRun> {
  const rows = await tx.$queryRawUnsafe<LockedRun[]>(
    `SELECT state::text, last_seq AS "lastSeq", lease_token AS "leaseToken", started_at::text AS "startedAt", summary
     FROM run WHERE id = $1 FOR UPDATE`,
    runId,
  );
  if (rows.length === 0) throw new DomainError('NOT_FOUND', `there is no run ${runId}`);
  return rows[0];
}

async function readTrainings(tx: Transaction, runId: string) {
  const rows = await tx.$queryRawUnsafe<
    { key: string; state: TrainingState; ic: number | null; rankIc: number | null }[]
  >('SELECT key, state::text, ic, rank_ic AS "rankIc" FROM training WHERE run_id = $1 ORDER BY position', runId);
  return new Map(rows.map(({ key, ...head }) => [key, head]));
}

async function insertTrainings(tx: Transaction, runId: string, specs: readonly TrainingSpec[], from: number) {
  await tx.training.createMany({
    data: specs.map(({ id, family, target, scope, stage }, index) => {
      return { runId, key: id, position: from + index, family, target, scope, stage };
    }),
  });
}

const runColumns = 'state, reason, runner, started_at, ended_at, summary';
const trainingColumns =
  'state, progress, outcome, metrics, ic, rank_ic, best_validation_loss, device, seconds, peak_rss_bytes, started_at, ended_at';

/** One statement: a round trip costs more than the work. A patch replaces the columns that it names. */
async function write(
  tx: Transaction,
  runId: string,
  lastSeq: number,
  at: Date,
  events: readonly RunEvent[],
  run: RunPatch,
  trainings: ReadonlyMap<string, TrainingPatch>,
) {
  const patches = [...trainings].map(([key, patch]) => ({ key, patch }));
  const newest = lastSeq + events.length;
  const trainingsChanged = `, trainings_changed AS (
    UPDATE training t SET (${trainingColumns}) =
      (SELECT ${trainingColumns} FROM jsonb_populate_record(t, p.value -> 'patch'))
    FROM jsonb_array_elements($6::jsonb) p WHERE t.run_id = $1 AND t.key = p.value ->> 'key')`;
  await tx.$queryRawUnsafe(
    `WITH logged AS (
       INSERT INTO run_event (run_id, seq, at, kind, event)
       SELECT $1, $2::int + ordinality, $3::timestamptz, value ->> 'kind', value
       FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY),
     run_changed AS (
       UPDATE run r SET last_seq = ${newest}, (${runColumns}) =
         (SELECT ${runColumns} FROM jsonb_populate_record(r, $5::jsonb))
       WHERE id = $1)${patches.length > 0 ? trainingsChanged : ''}
     SELECT pg_notify('${runEventsChannel}', $1 || ':${newest}')::text`,
    runId,
    lastSeq,
    at.toISOString(),
    storable(events),
    storable(run),
    ...(patches.length > 0 ? [storable(patches)] : []),
  );
}

/** Events with a greater sequence number, in order. */
export async function readEvents(
  database: Database | Transaction,
  runId: string,
  afterSeq: number,
  limit: number,
): Promise<LoggedEvent[]> {
  const rows = await database.runEvent.findMany({
    where: { runId, seq: { gt: afterSeq } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
  return rows.map(({ seq, at, event }) => ({ runId, seq, at: at.getTime(), event: event as RunEvent }));
}

/** A run's events so far, folded. */
export async function viewOf(database: Database | Transaction, runId: string): Promise<RunView> {
  const view = emptyRunView();
  const pageSize = 5000;
  for (;;) {
    const page = await readEvents(database, runId, view.lastSeq, pageSize);
    for (const logged of page) {
      if (!applyEvent(view, loggedEventSchema.parse(logged)))
        throw new DomainError('CORRUPT_DATASET', `run ${runId}: its log has no event ${view.lastSeq + 1}`);
    }
    if (page.length < pageSize) return view;
  }
}
