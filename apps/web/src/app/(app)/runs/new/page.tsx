import { LaunchPage } from '../../../../features/runs/launch/LaunchPage.tsx';

export const metadata = { title: 'New run' };

export default function Page() {
  return <LaunchPage />;
}
