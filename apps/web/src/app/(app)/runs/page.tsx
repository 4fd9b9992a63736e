import { RunsPage } from '../../../features/runs/list/RunsPage.tsx';

export const metadata = { title: 'Runs' };

export default function Page() {
  return <RunsPage />;
}
