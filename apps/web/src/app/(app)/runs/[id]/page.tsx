import type { Metadata } from 'next';
import { RunPage } from '../../../../features/runs/detail/RunPage.tsx';
import { serverCaller } from '../../../../server/pages.ts';

type Params = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  try {
    const run = await (await serverCaller()).runs.get({ runId: (await params).id });
    return { title: `#${run.number} ${run.name}` };
  } catch {
    return { title: 'Run' };
  }
}

export default async function Page({ params }: Params) {
  return <RunPage runId={(await params).id} />;
}
