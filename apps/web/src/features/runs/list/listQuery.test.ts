import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../../server/contracts/runs.ts';
import { durationMs, isFiltered, listInput, readRunsView, sortRuns } from './listQuery.ts';

const run = (id: string, part: Partial<RunRow>): RunRow => ({
  id,
  number: 1,
  name: id,
  state: 'completed',
  reason: null,
  createdAt: new Date(0),
  startedAt: null,
  endedAt: null,
  cancelRequestedAt: null,
  createdBy: null,
  dataset: null,
  plan: null,
  families: [],
  targets: [],
  symbolCount: 0,
  trainings: { total: 0, running: 0, completed: 0, failed: 0 },
  bestRankIc: null,
  bestIc: null,
  ...part,
});
const view = (query: string) => readRunsView(new URLSearchParams(query));

describe('list of runs', () => {
  it('reads filter and order from the address and ignores nonsense', () => {
    expect(view('q=djia&state=running,nonsense&family=LSTM,MLP&sort=best&dir=asc')).toEqual({
      text: 'djia',
      states: ['running'],
      families: ['MLP', 'LSTM'],
      sort: 'best',
      direction: 'asc',
    });
    expect(view('sort=password')).toMatchObject({ sort: 'createdAt', direction: 'desc' });
    expect(isFiltered(view('sort=best'))).toBe(false);
    expect(isFiltered(view('state=failed'))).toBe(true);
  });

  it('asks the server for orders it knows', () => {
    expect(listInput(view('sort=name&dir=asc'))).toMatchObject({ sortBy: 'name', order: 'asc' });
    expect(listInput(view('sort=best&dir=asc'))).toMatchObject({ sortBy: 'createdAt', order: 'desc', limit: 200 });
  });

  it('sorts the others here, rows without a figure last both ways', () => {
    const runs = [
      run('none', {}),
      run('low', { bestIc: { training: 't', value: -0.1 } }),
      run('high', { bestIc: { training: 't', value: 0.2 } }),
    ];
    expect(sortRuns(runs, view('sort=best'), 0).map(({ id }) => id)).toEqual(['high', 'low', 'none']);
    expect(sortRuns(runs, view('sort=best&dir=asc'), 0).map(({ id }) => id)).toEqual(['low', 'high', 'none']);
  });

  it('a run that runs takes as long as it has so far', () => {
    expect(durationMs({ startedAt: new Date(1000), endedAt: null }, 4000)).toBe(3000);
    expect(durationMs({ startedAt: new Date(1000), endedAt: new Date(1500) }, 4000)).toBe(500);
    expect(durationMs({ startedAt: null, endedAt: null }, 4000)).toBeNull();
  });
});
