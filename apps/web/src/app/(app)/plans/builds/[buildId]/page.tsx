import { BuildPage } from '../../../../../features/plans/evidence/BuildPage.tsx';

export const metadata = { title: 'A plan from evidence' };

export default async function Page({ params }: { params: Promise<{ buildId: string }> }) {
  return <BuildPage buildId={(await params).buildId} />;
}
