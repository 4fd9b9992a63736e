import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { ZodError } from 'zod';
import type { Me } from '../contracts/people.ts';
import type { ServiceContext } from '../services/context.ts';
import { errorDetails, inputMessage, toTrpcError } from './errors.ts';

/** One request: what the services need, and who asks (null: nobody is signed in). */
export interface ApiContext extends Omit<ServiceContext, 'actor'> {
  readonly me: Me | null;
  /** Called with what was not expected; the person sees no detail of it. */
  readonly report: (error: unknown, path: string) => void;
}

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  isDev: false,
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    message: error.cause instanceof ZodError ? inputMessage(error.cause) : shape.message,
    data: { ...shape.data, ...errorDetails(error.cause) },
  }),
});

/** Domain errors get their HTTP code here, once for every procedure. */
const mapErrors = t.middleware(async ({ next, path, ctx }) => {
  const result = await next();
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result;
  const thrown = result.error.cause ?? result.error;
  const mapped = toTrpcError(thrown);
  if (mapped.code === 'INTERNAL_SERVER_ERROR') ctx.report(thrown, path);
  throw mapped;
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** For those who are not signed in yet. */
export const openProcedure = t.procedure.use(mapErrors);

/** For those who are signed in and active; what they may do is the services' to say. */
export const procedure = openProcedure.use(({ ctx, next }) => {
  const { me } = ctx;
  if (!me) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'sign in first' });
  return next({ ctx: { ...ctx, me, actor: { userId: me.id, role: me.role } } });
});
