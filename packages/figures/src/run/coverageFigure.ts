import type { QualityReport } from '@twostage/core/runs/events';
import type { Figure } from '@twostage/core/runs/figures';
import { day } from '../format.ts';

/** Symbol × time: a pale cell is a stretch in which the symbol misses bars that others have. */
export function coverageFigure({ starts, bySymbol }: NonNullable<QualityReport['coverage']>): Figure {
  return {
    kind: 'heatmap',
    title: 'Coverage',
    help: 'Share of the bars of the calendar that a symbol has: pale where it misses bars that others have.',
    rows: bySymbol.map(({ symbol }) => symbol),
    columns: starts.map((start) => day(start)),
    range: [0, 1],
    values: bySymbol.map(({ shares }) => shares),
  };
}
