'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { ChartNoAxesCombined, Table2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../../ui/Button.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { FigureBody } from '@twostage/figures/drawings/FigureBody.tsx';
import { FigureFrame } from '@twostage/figures/drawings/FigureFrame.tsx';
import { figureTable, isEmptyFigure, tableCsv } from '@twostage/figures/drawings/figureTable';
import { TableFigure } from '@twostage/figures/drawings/TableFigure.tsx';

const shownRows = 100;

/** A picture with its name and what it says; every one can be read as a table, and copied. */
export function FigureCard({ figure, className }: { figure: Figure; className?: string }) {
  const [asTable, setAsTable] = useState(false);
  const empty = isEmptyFigure(figure);
  return (
    <FigureFrame
      figure={figure}
      className={className}
      aside={
        !empty && (
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
        )
      }
    >
      {empty ? (
        <p className="py-6 text-center text-faint">Nothing to draw: this model has no such thing.</p>
      ) : asTable ? (
        <TableFigure title={figure.title} table={figureTable(figure)} most={shownRows} />
      ) : (
        <FigureBody figure={figure} />
      )}
    </FigureFrame>
  );
}
