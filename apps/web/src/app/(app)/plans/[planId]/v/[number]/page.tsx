import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { VersionPage } from '../../../../../../features/plans/VersionPage.tsx';
import { serverCaller } from '../../../../../../server/pages.ts';

type Params = { params: Promise<{ planId: string; number: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  try {
    const { planId, number } = await params;
    const plan = await (await serverCaller()).plans.get({ planId });
    return { title: `${plan.name} v${number}` };
  } catch {
    return { title: 'Training plan' };
  }
}

export default async function Page({ params }: Params) {
  const { planId, number } = await params;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  return <VersionPage planId={planId} number={Number(number)} />;
}
