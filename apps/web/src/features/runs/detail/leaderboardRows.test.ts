import { describe, expect, it } from 'vitest';
import { bestFigures, type FigureId, figureIds, type LeaderboardRow, sortRows } from './leaderboardRows.ts';

const row = (title: string, figures: Partial<Record<FigureId, number>>, state: LeaderboardRow['state'] = 'completed') =>
  ({
    id: title,
    title,
    color: 0,
    state,
    outcome: null,
    folds: [],
    memory: '',
    figures: Object.fromEntries(figureIds.map((id) => [id, figures[id] ?? null])) as Record<FigureId, number | null>,
  }) satisfies LeaderboardRow;

const rows = [row('b', { ic: -0.01, mse: 2 }), row('a', { ic: 0.03, mse: 1 }), row('c', {})];
const titles = (sorted: readonly LeaderboardRow[]) => sorted.map(({ title }) => title).join('');

describe('leaderboard', () => {
  it('sorts both ways, without a figure last', () => {
    expect(titles(sortRows(rows, 'ic', 'desc'))).toBe('abc');
    expect(titles(sortRows(rows, 'ic', 'asc'))).toBe('bac');
    expect(titles(sortRows(rows, 'title', 'desc'))).toBe('cba');
  });
  it('knows which end of a figure is better, among completed trainings', () => {
    expect(bestFigures([...rows, row('x', { ic: 9, mse: 0 }, 'failed')])).toEqual({ ic: 0.03, mse: 1 });
  });
  it('one training alone is not the best of anything', () => {
    expect(bestFigures([rows[0]!])).toEqual({});
  });
});
