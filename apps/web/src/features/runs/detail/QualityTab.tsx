'use client';
import { SearchCheck } from 'lucide-react';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { QualityReportView } from '../quality/QualityReportView.tsx';

export function QualityTab() {
  const { view } = useRunView('run');
  if (view.quality) return <QualityReportView quality={view.quality} />;
  return (
    <Panel>
      <EmptyState icon={<SearchCheck aria-hidden />} title="Not read yet">
        The report is written when the runner has read the files.
      </EmptyState>
    </Panel>
  );
}
