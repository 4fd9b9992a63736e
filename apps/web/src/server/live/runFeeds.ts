import { messageOf } from '@twostage/core/errors';
import type { LoggedEvent } from '@twostage/core/runs/events';
import type { Database } from '@twostage/prisma/client';
import type { Logger } from 'pino';
import type { EventReader } from './eventReader.ts';
import { type Follower, RunFeed } from './runFeed.ts';

export interface SocketFollower extends Follower {
  readonly socketId: string;
}

/** The feeds of the runs that someone follows; a run that nobody follows costs nothing. */
export class RunFeeds {
  private readonly feeds = new Map<string, RunFeed<SocketFollower>>();

  constructor(
    private readonly prisma: Database,
    private readonly reader: EventReader,
    private readonly send: (socketIds: string[], runId: string, events: readonly LoggedEvent[]) => void,
    private readonly log: Logger,
  ) {}

  /** @param lastSeq of the run's log, as just read */
  add(runId: string, follower: SocketFollower, lastSeq: number): void {
    const feed = this.feeds.get(runId) ?? this.newFeed(runId);
    this.feeds.set(runId, feed);
    feed.add(follower, lastSeq);
  }

  remove(runId: string, follower: SocketFollower): void {
    const feed = this.feeds.get(runId);
    feed?.remove(follower);
    if (feed?.isEmpty) this.feeds.delete(runId);
  }

  announce(runId: string, seq: number): void {
    this.feeds.get(runId)?.announce(seq);
  }

  wake(runId: string): void {
    this.feeds.get(runId)?.wake();
  }

  /** Looks up what was announced while nobody listened. */
  async catchUp(): Promise<void> {
    const runs = await this.prisma.run.findMany({
      where: { id: { in: [...this.feeds.keys()] } },
      select: { id: true, lastSeq: true },
    });
    for (const run of runs) this.announce(run.id, run.lastSeq);
  }

  private newFeed(runId: string): RunFeed<SocketFollower> {
    return new RunFeed({
      read: (afterSeq, limit) => this.reader.read(runId, afterSeq, limit),
      send: (followers, events) =>
        this.send(
          followers.map((follower) => follower.socketId),
          runId,
          events,
        ),
      onError: (error) => this.log.error({ runId, error: messageOf(error) }, 'the event log could not be read'),
    });
  }
}
