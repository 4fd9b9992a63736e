import { ComparePage } from '../../../features/compare/ComparePage.tsx';

export const metadata = { title: 'Compare' };

export default function Page() {
  return <ComparePage />;
}
