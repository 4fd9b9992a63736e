import { UploadPage } from '../../../../features/data/upload/UploadPage.tsx';

export const metadata = { title: 'Upload data' };

export default function Page() {
  return <UploadPage />;
}
