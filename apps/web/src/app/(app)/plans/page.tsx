import { PlansPage } from '../../../features/plans/PlansPage.tsx';

export const metadata = { title: 'Training plans' };

export default function Page() {
  return <PlansPage />;
}
