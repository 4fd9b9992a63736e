import type { Me } from '../contracts/people.ts';
import { openProcedure, router } from './trpc.ts';

export const meRouter = router({
  /** Who is signed in; null: nobody. */
  get: openProcedure.query(({ ctx }): Me | null => ctx.me),
});
