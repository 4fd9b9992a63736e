'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '../../trpc/client.tsx';
import { liveSocket } from '../runs/live/socket.ts';

/** Asks anew for all that is shown of plans when a plan, or the building of one, has changed, and after a reconnect; once for all pages. */
export function usePlansWatch(): void {
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => {
    const socket = liveSocket();
    let firstConnect = true;
    const plans = () => void queryClient.invalidateQueries(trpc.plans.pathFilter());
    const builds = () => void queryClient.invalidateQueries(trpc.planBuilds.pathFilter());
    const changed = ({ planIds, buildIds }: { planIds: string[]; buildIds: string[] }) => {
      if (planIds.length > 0) plans();
      if (buildIds.length > 0) builds();
    };
    const watch = () => {
      socket.emit('watchPlans', () => undefined);
      if (!firstConnect) {
        plans();
        builds();
      }
      firstConnect = false;
    };
    socket.on('connect', watch);
    socket.on('plansChanged', changed);
    if (socket.connected) watch();
    return () => {
      socket.off('connect', watch);
      socket.off('plansChanged', changed);
    };
  }, [queryClient, trpc]);
}
