import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { datasetsRouter } from './datasets.ts';
import { featuresRouter } from './features.ts';
import { meRouter } from './me.ts';
import { peopleRouter } from './people.ts';
import { planBuildsRouter, plansRouter } from './plans.ts';
import { runsRouter } from './runs.ts';
import { setupRouter } from './setup.ts';
import { systemRouter } from './system.ts';
import { createCallerFactory, router } from './trpc.ts';
import { uploadsRouter } from './uploads.ts';

export const appRouter = router({
  me: meRouter,
  runs: runsRouter,
  datasets: datasetsRouter,
  uploads: uploadsRouter,
  features: featuresRouter,
  plans: plansRouter,
  planBuilds: planBuildsRouter,
  people: peopleRouter,
  setup: setupRouter,
  system: systemRouter,
});
export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
export const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
