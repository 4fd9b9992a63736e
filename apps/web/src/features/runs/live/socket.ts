'use client';
import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../../server/contracts/live.ts';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;
let shared: LiveSocket | null = null;

/** The one socket of this tab. It reconnects by itself; whoever listens subscribes again on every `connect`. */
export function liveSocket(): LiveSocket {
  if (!shared) {
    shared = io({ path: '/socket.io', reconnectionDelayMax: 3000 });
    shared.on('signedOut', () => {
      const back = encodeURIComponent(window.location.pathname + window.location.search);
      window.location.assign(`/sign-in?next=${back}`);
    });
  }
  return shared;
}
