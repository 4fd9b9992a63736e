import { notFound, redirect } from 'next/navigation';
import { serverCaller } from '../../../../server/pages.ts';

/** A plan's address leads to its newest version. */
export default async function Page({ params }: { params: Promise<{ planId: string }> }) {
  const { planId } = await params;
  const plan = await (await serverCaller()).plans.get({ planId }).catch(() => null);
  if (!plan) notFound();
  redirect(`/plans/${planId}/v/${plan.newest.number}`);
}
