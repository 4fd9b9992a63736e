'use client';
import { cpcvWarning } from '@twostage/core/evaluation/validationLines';
import { CalendarRange } from 'lucide-react';
import { Callout, EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useWidth } from '@twostage/figures/useWidth';
import { useRunView } from '../live/useLiveRun.ts';
import { FoldLegend } from '@twostage/figures/run/FoldBlocks.tsx';
import { FoldsPicture, FoldsTable, isCombinatorial } from '@twostage/figures/run/FoldsPicture.tsx';

/** The folds and the holdout on the calendar of the data. */
export function FoldsTab() {
  const { view } = useRunView('run');
  const [frame, width] = useWidth<HTMLDivElement>();
  const { folds } = view;
  const combinatorial = isCombinatorial(folds);
  return (
    <Panel title={combinatorial ? 'Combinatorial splits' : 'Walk-forward folds'} aside={<FoldLegend />}>
      <div ref={frame} className="min-w-0 overflow-hidden">
        {folds.length === 0 ? (
          <EmptyState icon={<CalendarRange aria-hidden />} title="Not planned yet">
            The folds are drawn once the dataset is read.
          </EmptyState>
        ) : (
          width > 0 && <FoldsPicture folds={folds} width={width} />
        )}
      </div>
      {folds.length > 0 && (
        <>
          {combinatorial && <Callout className="mt-3">{cpcvWarning}</Callout>}
          <FoldsTable folds={folds} />
          <p className="mt-3 max-w-3xl text-faint text-xs">
            Gaps between the blocks are purged: rows there have labels that reach into the block beside them, or lie
            within the embargo.
            {!combinatorial && ' No row after a test block is ever trained on.'}
            {folds.some(({ holdout }) => holdout) &&
              ' The holdout’s own model is fitted last, on all that precedes; nothing before has seen its test block.'}
          </p>
        </>
      )}
    </Panel>
  );
}
