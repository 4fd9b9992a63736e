import { messageOf } from '@twostage/core/errors';
import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import pg from 'pg';
import type { Logger } from 'pino';

export interface EventReader {
  /** Events of a run with a greater sequence number, in order. */
  read(runId: string, afterSeq: number, limit: number): Promise<LoggedEvent[]>;
  close(): Promise<void>;
}

/** Reads are one after another for each run, so that few connections serve many. */
const connections = 3;

/**
 * Reads the event log by a prepared statement, some fifty times a second for a run in full swing: the same read through Prisma
 * took 10 ms where this took 4 (20 events), and 50 ms where this took 25 (1,000).
 */
export function openEventReader(databaseUrl: string, log: Logger): EventReader {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: 8000,
    application_name: 'twostage web events',
  });
  // An idle connection that was lost is replaced at the next read.
  pool.on('error', (error) => log.warn({ error: messageOf(error) }, 'a connection of the event reader was lost'));
  return {
    read: async (runId, afterSeq, limit) => {
      const { rows } = await pool.query<{ seq: number; at: Date; event: RunEvent }>({
        name: 'read-events',
        text: 'SELECT seq, at, event FROM run_event WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
        values: [runId, afterSeq, limit],
      });
      return rows.map(({ seq, at, event }) => ({ runId, seq, at: at.getTime(), event }));
    },
    close: () => pool.end(),
  };
}
