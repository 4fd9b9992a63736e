import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@twostage/core/errors';
import pg from 'pg';

export interface ListenOptions {
  /**
   * Every time the connection stands, also the first: what was announced before then was missed, so read the log. The
   * promise of `listen` waits for the first call.
   */
  readonly onConnected?: () => void | Promise<void>;
  readonly onError?: (message: string) => void;
}

export interface Subscription {
  close(): Promise<void>;
}

const probeEveryMs = 5000;
const longestBackoffMs = 5000;

/**
 * Hears NOTIFY on a channel over a connection of its own, and connects anew when that is lost, also where nothing but silence
 * tells (a probe every 5 s). Announcements carry where to read, never the matter itself: a lost one is caught up by the next.
 */
export async function listen(
  url: string,
  channel: string,
  handler: (payload: string) => void,
  options: ListenOptions = {},
): Promise<Subscription> {
  let closed = false;
  let client: pg.Client | null = null;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5000,
      query_timeout: 5000,
      keepAlive: true,
      application_name: `twostage listen ${channel}`,
    });
    let lost = false;
    const lose = (error?: Error) => {
      if (lost || closed) return;
      lost = true;
      clearInterval(probe);
      options.onError?.(`connection for ${channel} lost: ${error ? messageOf(error) : 'closed by the server'}`);
      next.end().catch(() => {});
      void reconnect();
    };
    let probe: NodeJS.Timeout | undefined;
    next.on('error', lose);
    next.on('notification', ({ payload }) => handler(payload ?? ''));
    await next.connect();
    await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
    next.on('end', () => lose());
    probe = setInterval(() => next.query('SELECT 1').catch(lose), probeEveryMs);
    probe.unref();
    client = next;
    if (closed) await close();
    else await options.onConnected?.();
  };

  const reconnect = async (): Promise<void> => {
    for (let backoffMs = 100; !closed; backoffMs = Math.min(backoffMs * 2, longestBackoffMs)) {
      try {
        return await connect();
      } catch {
        await sleep(backoffMs); // the loss was reported; each vain try is not
      }
    }
  };

  const close = async () => {
    closed = true;
    await client?.end().catch(() => {});
  };

  await connect();
  return { close };
}
