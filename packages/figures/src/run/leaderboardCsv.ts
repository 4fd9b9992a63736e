import { csv } from '../csv.ts';
import { type LeaderboardRow, shownFigures } from './leaderboardRows.ts';

/** The rows with unrounded figures. */
export function leaderboardCsv(rows: readonly LeaderboardRow[]): string {
  const ids = shownFigures(rows);
  return csv([
    ['training', 'state', ...ids],
    ...rows.map((row) => [row.key, row.state, ...ids.map((id) => row.figures[id])]),
  ]);
}
