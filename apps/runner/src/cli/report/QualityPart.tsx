import { defects, findingNames, placeOfFinding, totalDefects } from '@twostage/core/runs/defects';
import type { QualityReport } from '@twostage/core/runs/events';
import { Badge } from '@twostage/figures/Badge.tsx';
import { count, day } from '@twostage/figures/format';
import { coverageFigure } from '@twostage/figures/run/coverageFigure';
import { Facts, FigureGrid, Notes, Part } from './parts.tsx';

/** Findings that a reader goes through; quality.json holds them all. */
const shownFindings = 20;

/** What the data are and what is odd in them. */
export function QualityPart({ quality }: { quality: QualityReport | null }) {
  if (!quality)
    return (
      <Part id="quality" title="Data">
        <p className="text-muted">The files were not read yet.</p>
      </Part>
    );
  const totals = totalDefects(quality);
  const found = defects.filter(({ key }) => totals[key] > 0);
  return (
    <Part id="quality" title="Data">
      <Notes label="What is said of the data" notes={quality.notes} />
      <Facts
        facts={[
          ['Rows', count(quality.rows)],
          ['Bars', `${count(quality.bars)}, ${quality.interval}`],
          ['Symbols', count(quality.symbols)],
          ['From – to', `${day(quality.start)} – ${day(quality.end)}`],
        ]}
      />
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium">Found:</span>
        {found.length === 0 && <Badge tone="good">nothing wrong</Badge>}
        {found.map(({ key, label, title }) => (
          <Badge key={key} tone="warn" title={title}>
            {count(totals[key])} {label.toLowerCase()}
          </Badge>
        ))}
      </p>
      {quality.findings.length > 0 && (
        <details>
          <summary className="text-accent">
            The worst {Math.min(shownFindings, quality.findings.length)} of {quality.findings.length} findings listed
          </summary>
          <ul className="mt-2 space-y-1 text-xs">
            {quality.findings.slice(0, shownFindings).map((finding, index) => (
              <li key={index}>
                <b>{finding.symbol}</b> {day(finding.at)}, {findingNames[finding.kind].toLowerCase()}: {finding.message}{' '}
                <span className="break-all font-mono text-2xs text-faint">{placeOfFinding(finding)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {quality.coverage && <FigureGrid figures={[coverageFigure(quality.coverage)]} />}
    </Part>
  );
}
