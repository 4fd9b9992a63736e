import type { LoggedEvent } from '@twostage/core/runs/events';

/** One browser that follows a run. */
export interface Follower {
  /** Sequence number of the last event sent to it. */
  seq: number;
  /** Whether it can take more now; `wake` once it can again. */
  isReady(): boolean;
}

export interface FeedEffects<F extends Follower> {
  /** Events with a greater sequence number, in order, at most `limit`. */
  readonly read: (afterSeq: number, limit: number) => Promise<readonly LoggedEvent[]>;
  /** To these followers, all of which have seen everything before the first event and nothing after it. */
  readonly send: (followers: readonly F[], events: readonly LoggedEvent[]) => void;
  readonly onError: (error: unknown) => void;
}

/** Events that one read brings at most: some 300 kB of JSON. */
export const pageSize = 1000;

/**
 * Sends one run's log to those who follow it. Each has a place in the log and gets what comes after it, so there is neither
 * hole nor double, whether it catches up or is at the end. One read at a time however many follow and however fast the log
 * grows: what is announced meanwhile is one more read afterwards. Whoever is at the end and whoever is furthest behind
 * take turns, so that catching up on a long run does not hold up the others.
 */
export class RunFeed<F extends Follower> {
  private readonly followers = new Set<F>();
  private reading = false;
  /** Greatest sequence number known to be in the log. */
  private head = 0;

  constructor(private readonly effects: FeedEffects<F>) {}

  get isEmpty(): boolean {
    return this.followers.size === 0;
  }

  /** @param head the log's last sequence number, read after announcements began to be heard */
  add(follower: F, head: number): void {
    this.followers.add(follower);
    this.announce(head);
  }

  remove(follower: F): void {
    this.followers.delete(follower);
  }

  /** The log holds events up to `seq`. */
  announce(seq: number): void {
    this.head = Math.max(this.head, seq);
    this.wake();
  }

  /** Goes on with whoever can take what is still to come. */
  wake(): void {
    if (!this.reading) void this.drain();
  }

  private async drain(): Promise<void> {
    this.reading = true;
    try {
      for (let newest = true; ; newest = !newest) {
        const waiting = this.waiting().map((follower) => follower.seq);
        if (waiting.length === 0) return;
        const after = newest ? Math.max(...waiting) : Math.min(...waiting);
        const events = await this.effects.read(after, pageSize);
        if (events.length === 0) this.head = after;
        else this.serve(after, events);
      }
    } catch (error) {
      // The next announcement tries again.
      this.effects.onError(error);
    } finally {
      this.reading = false;
    }
  }

  private waiting(): F[] {
    return [...this.followers].filter((follower) => follower.seq < this.head && follower.isReady());
  }

  /** Also to those who were between `after` and the page's end: from then on one read serves them all. */
  private serve(after: number, events: readonly LoggedEvent[]): void {
    const last = events.at(-1)!.seq;
    this.head = Math.max(this.head, last);
    const places = new Map<number, F[]>();
    for (const follower of this.waiting()) {
      if (follower.seq < after || follower.seq >= last) continue;
      places.set(follower.seq, [...(places.get(follower.seq) ?? []), follower]);
    }
    for (const [seq, followers] of places) {
      for (const follower of followers) follower.seq = last;
      this.effects.send(
        followers,
        events.filter((event) => event.seq > seq),
      );
    }
  }
}
