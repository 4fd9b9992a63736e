import { EvidencePage } from '../../../../../features/plans/evidence/EvidencePage.tsx';

export const metadata = { title: 'Build a plan from evidence' };

export default function Page() {
  return <EvidencePage />;
}
