'use client';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import superjson from 'superjson';
import type { AppRouter } from '../server/api/router.ts';
import { FreshQueryClient } from './freshQueryClient.ts';

const context = createTRPCContext<AppRouter>();
/** Query and mutation options by procedure: `useQuery(useTRPC().runs.list.queryOptions({}))`. */
export const useTRPC = context.useTRPC;
/** The same procedures without React Query, for calls outside a component's data. */
export const useTRPCClient = context.useTRPCClient;

/** Query cache and API client of one browser tab; goes around every page. */
export function TRPCReactProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(createClient);
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}

function createClient() {
  return createTRPCClient<AppRouter>({
    // 2,000 characters keep a batch of queries within every proxy's limit on an address.
    links: [httpBatchLink({ url: '/api/trpc', transformer: superjson, maxURLLength: 2000 })],
  });
}

function createQueryClient(): QueryClient {
  return new FreshQueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && !isFinal(error),
      },
    },
  });
}

/** The server answered, and would answer the same again. */
const isFinal = (error: unknown): boolean =>
  error instanceof TRPCClientError && typeof error.data?.httpStatus === 'number' && error.data.httpStatus < 500;

/** What the server said of one input, e.g. `config.targets.0`. */
export interface FieldIssue {
  readonly field: string;
  readonly message: string;
}

/** Messages by input of a refused form, from a procedure's error; empty for every other failure. */
export function fieldIssues(error: unknown): FieldIssue[] {
  if (!(error instanceof TRPCClientError)) return [];
  return (error.data?.issues as FieldIssue[] | undefined) ?? [];
}
