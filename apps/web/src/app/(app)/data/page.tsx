import { DataPage } from '../../../features/data/DataPage.tsx';

export const metadata = { title: 'Data' };

export default function Page() {
  return <DataPage />;
}
