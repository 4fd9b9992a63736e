import type { DefectKey } from '@twostage/core/runs/defects';
import { defects, defectsOf, findingNames, placeOfFinding, totalDefects } from '@twostage/core/runs/defects';
import type { QualityReport } from '@twostage/core/runs/events';
import { type FolderInspection, inspectFolder } from '@twostage/data/inspectFolder';
import pc from 'picocolors';
import { blocks, coverageStrips, digits } from './coverageStrip.ts';
import { onInterrupt } from './interrupt.ts';
import { dataLine, defectsLine } from './qualityLines.ts';
import { type Column, table } from './tables.ts';
import { count, write } from './terminal.ts';
import { exitCodes, UsageError } from './usage.ts';

export interface InspectFlags {
  readonly symbols?: string[];
  readonly top?: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** How what is inspected is shown. */
interface Look {
  /** Findings and symbols, the worst first. */
  readonly top: number;
  /** Characters a line may hold; null: no terminal. */
  readonly columns: number | null;
}

/**
 * `twostage inspect DIR`
 * @throws UsageError, DomainError where the folder cannot be used
 */
export async function inspect(directory: string, flags: InspectFlags): Promise<number> {
  const top = flags.top ?? 20;
  if (top < 0) throw new UsageError(`--top: expected 0 or more, got ${top}`);
  if (flags.threads !== undefined && flags.threads < 1)
    throw new UsageError(`--threads: expected 1 or more, got ${flags.threads}`);
  const interrupt = onInterrupt(() => {});
  try {
    const { signal } = interrupt;
    const found = await inspectFolder(directory, { symbols: flags.symbols ?? [], threads: flags.threads ?? 0, signal });
    if (flags.json) write(JSON.stringify(found, null, 2));
    else for (const line of inspectionLines(found, { top, columns: terminalColumns() })) write(line);
    return exitCodes.ok;
  } catch (error) {
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    interrupt.end();
  }
}

const terminalColumns = (): number | null => (process.stdout.isTTY ? (process.stdout.columns ?? 80) : null);

export function inspectionLines(found: FolderInspection, look: Look): string[] {
  const { quality } = found;
  return [
    ...(found.title ? [pc.bold(found.title)] : []),
    dataLine(quality),
    defectsLine(quality),
    ...quality.notes.map((note) => `   ${note}`),
    columnsLine(found),
    `🔑 Files: sha256 ${quality.contentHash ?? ''}`,
    ...section('By symbol, the worst first', symbolLines(quality, look)),
    ...section('Findings, the worst of each kind first', findingLines(quality, look)),
    ...section(coverageTitle(quality, look), coverageLines(quality, look)),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', pc.bold(title), ...lines];

function columnsLine({ featureColumns: { builtIn, fromFiles }, targetColumns }: FolderInspection): string {
  const own = fromFiles.length === 0 ? 'none of the files’ own' : `of the files ${fromFiles.join(', ')}`;
  const targets = targetColumns.length === 0 ? 'forward returns' : `forward returns and ${targetColumns.join(', ')}`;
  return `🧮 Features: ${count(builtIn.length)} computed, ${own}; targets: ${targets}`;
}

function symbolLines(quality: QualityReport, { top }: Look): string[] {
  const totals = totalDefects(quality);
  const shown = defects.filter(({ key }) => totals[key] > 0);
  const worst = [...quality.bySymbol].sort((a, b) => defectsOf(b) - defectsOf(a)).slice(0, top);
  if (worst.length === 0) return [];
  const right = (title: string): Column => ({ title, align: 'right' });
  const numbers = (symbol: (typeof worst)[number]) => shown.map(({ key }) => cell(symbol[key as DefectKey]));
  const drawn = table(
    [{ title: 'symbol' }, right('rows'), { title: 'span' }, ...shown.map(({ many }) => right(many)), { title: 'file' }],
    worst.map((symbol) => [
      symbol.symbol,
      count(symbol.rows),
      `${symbol.start.slice(0, 10)} – ${symbol.end.slice(0, 10)}`,
      ...numbers(symbol),
      symbol.file,
    ]),
  );
  return [drawn, ...more(quality.bySymbol.length - worst.length, 'symbols')];
}

const cell = (value: number): string => (value === 0 ? pc.dim('0') : count(value));

function findingLines({ findings }: QualityReport, { top }: Look): string[] {
  const shown = worstOfEach(findings, top);
  if (shown.length === 0) return [];
  const drawn = table(
    ['', 'symbol', 'bar', 'where', ''].map((title) => ({ title })),
    shown.map((finding) => [
      findingNames[finding.kind],
      finding.symbol,
      finding.at,
      placeOfFinding(finding),
      finding.message,
    ]),
  );
  return [drawn, ...more(findings.length - shown.length, 'findings')];
}

/** As many of each kind as the others leave room for, so that no kind hides another; order is kept. */
function worstOfEach(findings: QualityReport['findings'], top: number): QualityReport['findings'] {
  const seen = new Map<string, number>();
  const ranked = findings.map((finding, index) => {
    const rank = seen.get(finding.kind) ?? 0;
    seen.set(finding.kind, rank + 1);
    return { finding, index, rank };
  });
  const chosen = ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).slice(0, top);
  return chosen.sort((a, b) => a.index - b.index).map(({ finding }) => finding);
}

/** The rest is one flag away. */
const more = (left: number, what: string): string[] =>
  left > 0 ? [pc.dim(`… and ${count(left)} more ${what}: --top, or --json for everything`)] : [];

const styleOf = ({ columns }: Look) => (columns === null ? digits : blocks);

function coverageTitle({ start, end }: QualityReport, look: Look): string {
  const { none, some, all } = styleOf(look);
  const scale = `${all} every bar, ${some.at(-1)} … ${some[0]} ever fewer, ${none} none`;
  return `Coverage, ${start.slice(0, 10)} – ${end.slice(0, 10)} (${scale})`;
}

function coverageLines({ coverage, symbols }: QualityReport, look: Look): string[] {
  if (!coverage) return [];
  const label = Math.max(...coverage.bySymbol.map(({ symbol }) => symbol.length)) + 2;
  const width = look.columns === null ? coverage.starts.length : look.columns - label;
  const left = symbols - coverage.bySymbol.length;
  return [
    ...coverageStrips(coverage, width, styleOf(look)),
    ...(left > 0 ? [pc.dim(`… and ${count(left)} more symbols, which miss less`)] : []),
  ];
}
