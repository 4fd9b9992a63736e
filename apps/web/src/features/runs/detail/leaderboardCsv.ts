import { figureIds, type LeaderboardRow } from './leaderboardRows.ts';

const cell = (value: string | number | null): string => {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The rows with unrounded figures, as RFC 4180 has it. */
export function leaderboardCsv(rows: readonly LeaderboardRow[]): string {
  const lines = [
    ['training', 'state', ...figureIds],
    ...rows.map((row) => [row.id, row.state, ...figureIds.map((id) => row.figures[id])]),
  ];
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}
