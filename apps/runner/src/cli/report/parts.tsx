import type { Figure } from '@twostage/core/runs/figures';
import type { TrainingState } from '@twostage/core/runs/lifecycle';
import type { Tone } from '@twostage/figures/Badge.tsx';
import { cx } from '@twostage/figures/cx';
import { FigureBody, isWide } from '@twostage/figures/drawings/FigureBody.tsx';
import { FigureFrame } from '@twostage/figures/drawings/FigureFrame.tsx';
import { isEmptyFigure } from '@twostage/figures/drawings/figureTable';
import { stretches } from '@twostage/figures/plot/paths';
import { StillWidth } from '@twostage/figures/still';
import type { ReactNode } from 'react';

/** What pictures are drawn for in a card that takes half the page, less than its room so that telephones show them whole; or all of it. CSS pixels. */
export const cardWidth = { half: 460, whole: 1086 } as const;

/** Cards in two columns, each as high as it needs; those over time take the whole width. */
export function FigureGrid({ figures }: { figures: readonly Figure[] }) {
  return (
    <div className="space-y-4">
      {stretches(figures.map(wantsWidth)).map(({ value: wide, from, to }) => (
        <div
          key={from}
          className={wide ? 'space-y-4' : 'gap-4 *:mb-4 *:break-inside-avoid lg:columns-2 print:columns-2'}
        >
          {figures.slice(from, to + 1).map((figure, index) => (
            <Card key={index} figure={figure} width={wide ? cardWidth.whole : cardWidth.half} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Series over time and tables of many words. */
const wantsWidth = (figure: Figure): boolean =>
  isWide(figure) || (figure.kind === 'table' && figure.columns.join('').length > 50);

const Card = ({ figure, width }: { figure: Figure; width: number }) => (
  <FigureFrame figure={figure}>
    {isEmptyFigure(figure) ? (
      <p className="py-6 text-center text-faint">Nothing to draw: this model has no such thing.</p>
    ) : (
      <StillWidth value={width}>
        <FigureBody figure={figure} />
      </StillWidth>
    )}
  </FigureFrame>
);

/** A part of the document that the contents lead to. */
export const Part = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => (
  <section id={id} aria-label={title} className="mt-10 space-y-4">
    <h2 className="font-semibold text-lg">{title}</h2>
    {children}
  </section>
);

/** Facts by name. */
export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className="grid gap-x-8 gap-y-1.5 text-sm sm:grid-cols-[max-content_minmax(0,1fr)] lg:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)]">
    {facts.map(([name, value]) => (
      <div key={name} className="contents">
        <dt className="text-faint max-sm:mt-1">{name}</dt>
        <dd className="min-w-0 break-words">{value}</dd>
      </div>
    ))}
  </dl>
);

export const Notes = ({ label, notes, bad }: { label: string; notes: readonly string[]; bad?: boolean }) =>
  notes.length === 0 ? null : (
    <ul
      aria-label={label}
      className={cx(
        'space-y-1 rounded-lg border px-4 py-2.5 text-sm',
        bad ? 'border-transparent bg-bad-soft text-bad' : 'border-line bg-sunken text-muted',
      )}
    >
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );

/** Where in the document something lies; names may hold any character. */
export const anchorTo = (id: string): string => `#${encodeURIComponent(id)}`;

export const stateLooks: Record<TrainingState, { label: string; tone: Tone }> = {
  pending: { label: 'Pending', tone: 'neutral' },
  running: { label: 'Running', tone: 'accent' },
  completed: { label: 'Completed', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  timedOut: { label: 'Timed out', tone: 'bad' },
  killed: { label: 'Killed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
  skipped: { label: 'Skipped', tone: 'neutral' },
};

/** Of a training. */
export const Chapter = ({ title, children }: { title: string; children: ReactNode }) => (
  <>
    <h4 className="pt-2 font-semibold text-sm">{title}</h4>
    {children}
  </>
);
