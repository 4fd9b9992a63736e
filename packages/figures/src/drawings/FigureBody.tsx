'use client';
import { assertNever } from '@twostage/core/errors';
import type { Figure } from '@twostage/core/runs/figures';
import { BarsFigure } from './BarsFigure.tsx';
import { BreaksFigure } from './BreaksFigure.tsx';
import { CalibrationFigure } from './CalibrationFigure.tsx';
import { figureTable } from './figureTable.ts';
import { HeatmapFigure } from './HeatmapFigure.tsx';
import { HistogramFigure } from './HistogramFigure.tsx';
import { IntervalFigure } from './IntervalFigure.tsx';
import { LinesFigure } from './LinesFigure.tsx';
import { RegimesFigure } from './RegimesFigure.tsx';
import { ReliabilityFigure } from './ReliabilityFigure.tsx';
import { TableFigure } from './TableFigure.tsx';

/** One drawing a kind, none a family. */
export function FigureBody({ figure }: { figure: Figure }) {
  switch (figure.kind) {
    case 'bars':
      return <BarsFigure figure={figure} />;
    case 'lines':
      return <LinesFigure figure={figure} height={240} />;
    case 'interval':
      return <IntervalFigure figure={figure} height={270} />;
    case 'calibration':
      return <CalibrationFigure figure={figure} height={260} />;
    case 'reliability':
      return <ReliabilityFigure figure={figure} height={260} />;
    case 'histogram':
      return <HistogramFigure figure={figure} height={220} />;
    case 'regimes':
      return <RegimesFigure figure={figure} height={320} />;
    case 'breaks':
      return <BreaksFigure figure={figure} height={270} />;
    case 'heatmap':
      return <HeatmapFigure figure={figure} />;
    case 'table':
      return <TableFigure title={figure.title} table={figureTable(figure)} />;
    default:
      return assertNever(figure);
  }
}

/** Time series want the whole width. */
export const isWide = (figure: Figure): boolean =>
  ['interval', 'regimes', 'breaks'].includes(figure.kind) || (figure.kind === 'heatmap' && figure.columns.length > 40);
