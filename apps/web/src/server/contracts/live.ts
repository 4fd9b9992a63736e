import type { LoggedEvent } from '@twostage/core/runs/events';

/** Socket.IO at /socket.io; the session cookie is checked in the handshake and again at each subscription. */
export interface ServerToClient {
  /** In order, without hole or double: the replay after `afterSeq`, then what is appended. */
  events: (batch: { runId: string; events: LoggedEvent[] }) => void;
  /** To those who watch the list: these runs changed; ask for the list again. */
  runsChanged: (change: { runIds: string[] }) => void;
  /** To those who watch plans: these plans, or buildings of plans, changed; ask for them again. */
  plansChanged: (change: { planIds: string[]; buildIds: string[] }) => void;
  /** The session ended or the person was deactivated; the socket closes. */
  signedOut: () => void;
}
export type SubscribeReply = { ok: true } | { ok: false; code: string; message: string };
export interface ClientToServer {
  /** Ask again with the last seq seen after every reconnect. */
  subscribe: (request: { runId: string; afterSeq: number }, reply: (answer: SubscribeReply) => void) => void;
  unsubscribe: (request: { runId: string }) => void;
  watchRuns: (reply: (answer: SubscribeReply) => void) => void;
  unwatchRuns: () => void;
  watchPlans: (reply: (answer: SubscribeReply) => void) => void;
  unwatchPlans: () => void;
}
