import { type DefectKey, defects, findingNames, placeOfFinding, totalDefects } from '@twostage/core/runs/defects';
import type { QualityReport } from '@twostage/core/runs/events';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '../../../ui/Badge.tsx';
import { cx } from '../../../ui/cx.ts';
import { Callout } from '../../../ui/Feedback.tsx';
import { count, day, plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { FigureCard } from '../figures/FigureCard.tsx';
import { coverageFigure } from '@twostage/figures/run/coverageFigure';

/** What was found in the files: the whole, by symbol, and line by line. */
export function QualityReportView({ quality }: { quality: QualityReport }) {
  const totals = totalDefects(quality);
  const found = defects.filter(({ key }) => totals[key] > 0);
  return (
    <div className="space-y-4">
      {quality.notes.map((note) => (
        <Callout key={note} tone={/simulat/i.test(note) ? 'warn' : 'info'}>
          {note}
        </Callout>
      ))}
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line shadow-flat sm:grid-cols-3 lg:grid-cols-6">
        <Tile title="Rows" value={count(quality.rows)} />
        <Tile title="Bars" value={count(quality.bars)} />
        <Tile title="Symbols" value={count(quality.symbols)} />
        <Tile title="Interval" value={quality.interval} />
        <Tile title="First bar" value={day(quality.start)} />
        <Tile title="Last bar" value={day(quality.end)} />
      </dl>
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">Found:</span>
        {found.length === 0 ? (
          <Badge tone="good" icon={<Check aria-hidden className="size-3" />}>
            nothing wrong
          </Badge>
        ) : (
          found.map(({ key, label }) => (
            <Badge key={key} tone="warn">
              {count(totals[key])} {label.toLowerCase()}
            </Badge>
          ))
        )}
      </div>
      {quality.coverage && <FigureCard figure={coverageFigure(quality.coverage)} />}
      <SymbolTable quality={quality} shown={found.map(({ key }) => key)} />
      {quality.findings.length > 0 && <Findings quality={quality} />}
    </div>
  );
}

const Tile = ({ title, value }: { title: string; value: ReactNode }) => (
  <div className="bg-surface px-4 py-2.5">
    <dt className="text-faint text-xs">{title}</dt>
    <dd className="mt-0.5 font-semibold text-base">{value}</dd>
  </div>
);

function SymbolTable({ quality, shown }: { quality: QualityReport; shown: readonly DefectKey[] }) {
  const columns = defects.filter(({ key }) => shown.includes(key));
  return (
    <Panel
      title="By symbol"
      flush
      aside={<span className="text-faint text-xs">{plural(quality.bySymbol.length, 'symbol')}</span>}
    >
      <div className="scroll-thin max-h-[28rem] overflow-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Data quality by symbol</caption>
          <thead className="sticky top-0 z-10 bg-surface text-muted text-xs shadow-[0_1px_0_var(--line)]">
            <tr>
              <th scope="col" className="px-4 py-2 text-left">
                Symbol
              </th>
              <th scope="col" className="num px-3 py-2">
                Rows
              </th>
              <th scope="col" className="px-3 py-2 text-left">
                Span
              </th>
              {columns.map(({ key, label, title }) => (
                <th key={key} scope="col" title={title} className="num px-3 py-2">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {quality.bySymbol.map((symbol) => (
              <tr key={symbol.symbol} className="hover:bg-hover">
                <th scope="row" className="px-4 py-1.5 text-left font-medium" title={symbol.file}>
                  {symbol.symbol}
                </th>
                <td className="num px-3">{count(symbol.rows)}</td>
                <td className="whitespace-nowrap px-3 text-muted">
                  {day(symbol.start)} – {day(symbol.end)}
                </td>
                {columns.map(({ key }) => (
                  <td key={key} className={cx('num px-3', symbol[key] > 0 ? 'text-warn' : 'text-faint')}>
                    {count(symbol[key])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Findings({ quality }: { quality: QualityReport }) {
  return (
    <Panel title="Findings, the worst first" flush>
      <ul className="scroll-thin max-h-96 divide-y divide-line overflow-y-auto">
        {quality.findings.map((finding, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2">
            <Badge tone="warn">{findingNames[finding.kind]}</Badge>
            <span className="font-medium">{finding.symbol}</span>
            <span className="text-muted">{day(finding.at)}</span>
            <span className="min-w-0 basis-full break-words sm:basis-0 sm:grow">{finding.message}</span>
            <span className="break-all font-mono text-2xs text-faint">{placeOfFinding(finding)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
