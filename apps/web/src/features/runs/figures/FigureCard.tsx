'use client';
import { assertNever } from '@twostage/core/errors';
import type { Figure } from '@twostage/core/runs/figures';
import { ChartNoAxesCombined, Table2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../../ui/Button.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { cx } from '../../../ui/cx.ts';
import { BarsFigure } from './BarsFigure.tsx';
import { BreaksFigure } from './BreaksFigure.tsx';
import { CalibrationFigure } from './CalibrationFigure.tsx';
import { figureTable, isEmptyFigure, tableCsv } from './figureTable.ts';
import { HeatmapFigure } from './HeatmapFigure.tsx';
import { HistogramFigure } from './HistogramFigure.tsx';
import { IntervalFigure } from './IntervalFigure.tsx';
import { LinesFigure } from './LinesFigure.tsx';
import { RegimesFigure } from './RegimesFigure.tsx';
import { TableFigure } from './TableFigure.tsx';

const shownRows = 100;

/** A picture with its name and what it says; every one can be read as a table, and copied. */
export function FigureCard({ figure, className }: { figure: Figure; className?: string }) {
  const [asTable, setAsTable] = useState(false);
  const empty = isEmptyFigure(figure);
  return (
    <section
      aria-label={figure.title}
      className={cx('min-w-0 rounded-lg border border-line bg-surface shadow-flat', className)}
    >
      <header className="flex items-start gap-2 px-4 pt-3 pb-2">
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold text-sm">{figure.title}</h3>
          {figure.help && <p className="mt-0.5 max-w-3xl text-muted text-xs">{figure.help}</p>}
        </div>
        {!empty && (
          <div className="flex">
            {figure.kind !== 'table' && (
              <IconButton
                size="sm"
                label={asTable ? `Show ${figure.title} as a picture` : `Show ${figure.title} as a table`}
                aria-pressed={asTable}
                onClick={() => setAsTable(!asTable)}
                icon={
                  asTable ? (
                    <ChartNoAxesCombined aria-hidden className="size-3.5" />
                  ) : (
                    <Table2 aria-hidden className="size-3.5" />
                  )
                }
              />
            )}
            <CopyButton
              text={() => tableCsv(figureTable(figure))}
              label={`Copy ${figure.title} as CSV`}
              said="Figure copied"
              size="sm"
            />
          </div>
        )}
      </header>
      <div className="px-4 pb-4">
        {empty ? (
          <p className="py-6 text-center text-faint">Nothing to draw: this model has no such thing.</p>
        ) : asTable ? (
          <TableFigure title={figure.title} table={figureTable(figure)} most={shownRows} />
        ) : (
          <FigureBody figure={figure} />
        )}
      </div>
    </section>
  );
}

/** One drawing a kind, none a family. */
function FigureBody({ figure }: { figure: Figure }) {
  switch (figure.kind) {
    case 'bars':
      return <BarsFigure figure={figure} />;
    case 'lines':
      return <LinesFigure figure={figure} height={240} />;
    case 'interval':
      return <IntervalFigure figure={figure} height={270} />;
    case 'calibration':
      return <CalibrationFigure figure={figure} height={260} />;
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
