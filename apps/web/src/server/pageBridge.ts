import type { Caller } from './api/router.ts';
import type { Me } from './contracts/people.ts';

/** What server.ts offers to pages that are rendered on the server; they take it up in pages.ts. */
export interface PageBridge {
  readonly personOf: (headers: Headers) => Promise<Me | null>;
  readonly callerFor: (me: Me | null) => Caller;
}
export const pageBridgeKey = '__twostagePages';
