import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../trpc/client.tsx';

/** The runners and what they have to do, asked for every 5 seconds. */
export function useSystemStatus() {
  const trpc = useTRPC();
  const { data, isError } = useQuery(trpc.system.status.queryOptions(undefined, { refetchInterval: 5000 }));
  return {
    data,
    isError,
    /** Known to be so: what needs a runner waits until one comes. */
    noRunner: !isError && data !== undefined && !data.runners.some(({ online }) => online),
  };
}
