import type { LoggedEvent } from '@twostage/core/runs/events';
import { describe, expect, it } from 'vitest';
import { type Follower, pageSize, RunFeed } from './runFeed.ts';

interface TestFollower extends Follower {
  received: number[];
  ready: boolean;
}
const follower = (seq: number): TestFollower => {
  const made: TestFollower = { seq, received: [], ready: true, isReady: () => made.ready };
  return made;
};
const upTo = (last: number, after: number, limit: number): LoggedEvent[] =>
  Array.from({ length: Math.max(0, Math.min(limit, last - after)) }, (_, index) => ({
    runId: 'r',
    seq: after + 1 + index,
    at: 0,
    event: { kind: 'log', training: null, stream: 'runner', line: String(after + 1 + index) },
  }));
const sequence = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A feed over a log that grows by setting `log.last`, whose reads take a turn of the event loop. */
function feedOver(log: { last: number }) {
  const reads: number[] = [];
  const errors: unknown[] = [];
  let underWay = 0;
  let most = 0;
  let fail = false;
  const feed = new RunFeed<TestFollower>({
    read: async (after, limit) => {
      reads.push(after);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
      if (fail) throw new Error('connection lost');
      return upTo(log.last, after, limit);
    },
    send: (followers, events) => {
      for (const each of followers) each.received.push(...events.map(({ seq }) => seq));
    },
    onError: (error) => errors.push(error),
  });
  return {
    feed,
    reads,
    errors,
    mostReads: () => most,
    failWith: (on: boolean) => {
      fail = on;
    },
  };
}

describe('RunFeed', () => {
  it('replays in pages and goes on live, one read at a time', async () => {
    const log = { last: 2 * pageSize + 300 };
    const { feed, mostReads } = feedOver(log);
    const late = follower(0);
    const live = follower(log.last);
    feed.add(live, log.last);
    feed.add(late, log.last);
    for (let step = 0; step < 50; step++) {
      log.last += 7;
      feed.announce(log.last);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await settled();
    expect(late.received).toEqual(sequence(1, log.last));
    expect(live.received).toEqual(sequence(2 * pageSize + 301, log.last));
    expect(mostReads()).toBe(1);
  });

  it('serves everyone who is at the end by one read', async () => {
    const log = { last: 10 };
    const { feed, reads } = feedOver(log);
    const all = [follower(10), follower(9), follower(4)];
    for (const each of all) feed.add(each, 10);
    await settled();
    reads.length = 0;
    log.last = 11;
    feed.announce(11);
    await settled();
    expect(reads).toEqual([10]);
    expect(all.map(({ received }) => received)).toEqual([[11], [10, 11], sequence(5, 11)]);
  });

  it('leaves out who cannot take more, and resumes where it was', async () => {
    const log = { last: 5 };
    const { feed } = feedOver(log);
    const slow = follower(0);
    const quick = follower(0);
    slow.ready = false;
    feed.add(slow, 5);
    feed.add(quick, 5);
    await settled();
    expect(slow.received).toEqual([]);
    expect(quick.received).toEqual(sequence(1, 5));
    slow.ready = true;
    feed.wake();
    await settled();
    expect(slow.received).toEqual(sequence(1, 5));
  });

  it('tries again at the next announcement after a failed read', async () => {
    const log = { last: 3 };
    const { feed, errors, failWith } = feedOver(log);
    const only = follower(0);
    failWith(true);
    feed.add(only, 3);
    await settled();
    expect(errors).toHaveLength(1);
    failWith(false);
    feed.announce(3);
    await settled();
    expect(only.received).toEqual([1, 2, 3]);
  });

  it('does not spin where the log holds less than was announced', async () => {
    const { feed, reads } = feedOver({ last: 0 });
    feed.add(follower(0), 4);
    await settled();
    expect(reads).toHaveLength(1);
  });
});
