import { PeoplePage } from '../../../features/people/PeoplePage.tsx';

export const metadata = { title: 'People' };

export default function Page() {
  return <PeoplePage />;
}
