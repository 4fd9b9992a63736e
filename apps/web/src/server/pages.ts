/** For server components only. Of the rest of the server it imports types alone: see `offerToPages`. */
import { headers } from 'next/headers';
import { cache } from 'react';
import type { Caller } from './api/router.ts';
import type { Me } from './contracts/people.ts';
import { type PageBridge, pageBridgeKey } from './pageBridge.ts';

/** Who asks for this page; null: nobody is signed in. Asked once a page. */
export const currentPerson = cache(async (): Promise<Me | null> => bridge().personOf(new Headers(await headers())));

/** The API as this person sees it, e.g. `(await serverCaller()).runs.get({ runId })`; throws tRPC's errors. */
export const serverCaller = cache(async (): Promise<Caller> => bridge().callerFor(await currentPerson()));

function bridge(): PageBridge {
  const found = (globalThis as { [pageBridgeKey]?: PageBridge })[pageBridgeKey];
  if (!found) throw new Error('pages are served by server.ts, not by `next start`');
  return found;
}
