import { type DefectKey, defects, totalDefects } from '@twostage/core/runs/defects';
import type { QualityReport, RunEvent } from '@twostage/core/runs/events';
import pc from 'picocolors';
import { count } from './terminal.ts';

type Prepared = Extract<RunEvent, { kind: 'run.prepared' }>;

/** What a run was prepared from, in a few lines. */
export const preparedLines = ({ dataset, quality }: Prepared, qualityFile: string): string[] => [
  dataLine(quality),
  `${defectsLine(quality)}; everything in ${qualityFile}`,
  pc.dim(
    `   dataset ${shortHash(dataset.id)}${quality.contentHash ? ` of files ${shortHash(quality.contentHash)}` : ''}`,
  ),
  ...quality.notes.map((note) => `   ${note}`),
];

export function dataLine({ rows, symbols, bars, interval, start, end }: QualityReport): string {
  const named = `${count(symbols)} ${symbols === 1 ? 'symbol' : 'symbols'}`;
  return `📈 Data: ${count(rows)} rows, ${named}, ${count(bars)} bars of ${interval}, ${start.slice(0, 10)} – ${end.slice(0, 10)}`;
}

export function defectsLine(quality: QualityReport): string {
  const totals: Record<DefectKey, number> = totalDefects(quality);
  const said = defects
    .filter(({ key }) => totals[key] > 0)
    .map(({ key, one, many }) => `${count(totals[key])} ${totals[key] === 1 ? one : many}`);
  return `🔎 Quality: ${said.length > 0 ? said.join(', ') : 'nothing to report'}`;
}

/** Enough of a SHA-256 for a person to tell two apart. */
const shortHash = (hash: string): string => hash.slice(0, 12);
