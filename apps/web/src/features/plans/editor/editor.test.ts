import { familyIds } from '@twostage/core/families/family';
import { masterPlanSchema, type PlanJob, routes } from '@twostage/core/plans/masterPlan';
import { withJobs } from '@twostage/core/plans/withJobs';
import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { type Cell, cellKey, cellOfKey, matrixOf, neighbour, rectangle } from './cells.ts';
import { type EditorState, editorReducer, isChanged, newEditor } from './editorState.ts';
import {
  addJobs,
  copyToTargets,
  type JobEdit,
  removeJobs,
  setFamilies,
  setFamily,
  setParameter,
  setPriority,
  setReason,
  setRoute,
} from './jobEdits.ts';

const { jobs } = masterPlanSchema.parse({
  jobs: [
    {
      ...{ job_id: 'a', target: 'y_a', route: 'ROUTE_CROSS_SECTIONAL', training_type: 'cross_sectional' },
      ...{ model_families: ['MLP', 'LightGBM'], metadata: { ic: 0.03 }, owner: 'kept' },
    },
    { job_id: 'b', target: 'y_b', symbol: 'AAA', route: 'ROUTE_BLOCKED', model_families: [] },
    { job_id: 'c', target: 'y_b', symbol: 'BBB', route: 'ROUTE_BOTH', model_families: ['XGBoost'] },
  ],
});
const keys = (...cells: Cell[]) => new Set(cells.map(cellKey));
const a = { target: 'y_a', symbol: null };
const b = { target: 'y_b', symbol: 'AAA' };
const byId = (list: readonly PlanJob[], id: string) => list.find((job) => job.job_id === id)!;

describe('edits', () => {
  it('change the jobs of the chosen cells alone, and say that a person did', () => {
    const next = setPriority(keys(a), 3)(jobs);
    expect(byId(next, 'a')).toMatchObject({ priority: 3, owner: 'kept', metadata: { ic: 0.03, edited_by_hand: true } });
    expect(next[1]).toBe(jobs[1]);
  });

  it('that change nothing are none', () => {
    for (const edit of [
      setPriority(keys(a), 0),
      setFamily(keys(a), 'MLP', true),
      setReason(keys(b), ''),
      removeJobs(keys({ target: 'y_z', symbol: null })),
      addJobs([a], ['MLP']),
      setParameter(keys(a), 'MLP', 'epochs', undefined),
    ])
      expect(edit(jobs)).toBe(jobs);
  });

  it('a route takes along the type that it does not allow', () => {
    expect(byId(setRoute(keys(a), 'ROUTE_SYMBOL_SPECIFIC')(jobs), 'a').training_type).toBeUndefined();
    expect(byId(setRoute(keys(a), 'ROUTE_BOTH')(jobs), 'a').training_type).toBe('cross_sectional');
  });

  it('families keep the order of the catalogue', () => {
    expect(byId(setFamily(keys(a), 'XGBoost', true)(jobs), 'a').model_families).toEqual(['LightGBM', 'XGBoost', 'MLP']);
    expect(byId(setFamilies(keys(a, b), ['LSTM', 'MLP'])(jobs), 'b').model_families).toEqual(['MLP', 'LSTM']);
  });

  it('parameters come and go without leaving empty hulls', () => {
    const set = setParameter(keys(a), 'MLP', 'epochs', 5)(jobs);
    expect(byId(set, 'a').parameters).toEqual({ MLP: { epochs: 5 } });
    expect(byId(setParameter(keys(a), 'MLP', 'epochs', undefined)(set), 'a')).not.toHaveProperty('parameters');
  });

  it('a new job has a free id and the route of its place', () => {
    const cells = [{ target: 'y_c', symbol: null }, { target: 'y_c', symbol: 'AAA' }, a];
    const next = addJobs(cells, ['LightGBM'])([...jobs, { ...jobs[0]!, job_id: 'y_c.all', target: 'y_z' }]);
    expect(next.slice(4).map(({ job_id: id, route }) => [id, route])).toEqual([
      ['y_c.all.2', 'ROUTE_CROSS_SECTIONAL'],
      ['y_c.AAA', 'ROUTE_SYMBOL_SPECIFIC'],
    ]);
  });

  it('copied to another target, a decision replaces what was there and leaves its evidence behind', () => {
    const next = copyToTargets(keys(a), ['y_b', 'y_a'])(jobs);
    const copy = next.find(({ target, symbol }) => target === 'y_b' && symbol === null)!;
    expect(copy).toMatchObject({ model_families: ['MLP', 'LightGBM'], metadata: { copied_from: 'a' } });
    expect(copy.metadata).not.toHaveProperty('ic');
    expect(next).toHaveLength(4);
  });
});

describe('undo', () => {
  const edit = (state: EditorState, label: string, change: JobEdit, typing?: string) =>
    editorReducer(state, { kind: 'edit', label, edit: change, ...(typing && { typing }) });

  it('takes back step by step, and forward again', () => {
    let state = newEditor(jobs);
    state = edit(state, 'Priority', setPriority(keys(a), 1));
    state = edit(state, 'Route', setRoute(keys(a), 'ROUTE_BLOCKED'));
    state = editorReducer(state, { kind: 'undo' });
    expect(byId(state.jobs, 'a')).toMatchObject({ priority: 1, route: 'ROUTE_CROSS_SECTIONAL' });
    expect(state.future[0]!.label).toBe('Route');
    state = editorReducer(editorReducer(state, { kind: 'undo' }), { kind: 'undo' });
    expect([state.jobs, isChanged(state)]).toEqual([jobs, false]);
    state = editorReducer(editorReducer(state, { kind: 'redo' }), { kind: 'redo' });
    expect(byId(state.jobs, 'a')).toMatchObject({ priority: 1, route: 'ROUTE_BLOCKED' });
  });

  it('what is typed in one field is one step', () => {
    let state = newEditor(jobs);
    for (const text of ['n', 'no', 'noise']) state = edit(state, 'Reason', setReason(keys(b), text), 'reason of b');
    expect(state.past).toHaveLength(1);
    expect(editorReducer(state, { kind: 'undo' }).jobs).toBe(jobs);
  });

  it('what is saved is no change any more, what was changed meanwhile is', () => {
    const first = edit(newEditor(jobs), 'Priority', setPriority(keys(a), 1));
    const second = edit(first, 'Priority', setPriority(keys(a), 2));
    expect(isChanged(editorReducer(first, { kind: 'saved', jobs: first.jobs }))).toBe(false);
    expect(isChanged(editorReducer(second, { kind: 'saved', jobs: first.jobs }))).toBe(true);
  });

  it('what was mine is one undo away from theirs', () => {
    const mine = edit(newEditor(jobs), 'Priority', setPriority(keys(a), 1));
    const theirs = editorReducer(mine, { kind: 'replace', label: 'Theirs', jobs: [], saved: [] });
    expect(editorReducer(theirs, { kind: 'undo' }).jobs).toBe(mine.jobs);
  });
});

describe('the matrix', () => {
  const matrix = matrixOf(jobs, { targets: ['y_new'], symbols: ['CCC'] });
  it('has a row a target, all symbols first', () => {
    expect(matrix.targets).toEqual(['y_a', 'y_b', 'y_new']);
    expect(matrix.symbols).toEqual([null, 'AAA', 'BBB', 'CCC']);
    expect(matrix.jobs.get(cellKey(b))).toEqual([jobs[1]]);
    expect(cellOfKey(cellKey(b))).toEqual(b);
  });
  it('is walked by keys and chosen by rectangles', () => {
    expect(rectangle(matrix, { target: 'y_b', symbol: 'BBB' }, { target: 'y_a', symbol: 'AAA' })).toHaveLength(4);
    expect(neighbour(matrix, a, 'ArrowUp')).toEqual(a);
    expect(neighbour(matrix, a, 'ArrowRight')).toEqual({ target: 'y_a', symbol: 'AAA' });
    expect(neighbour(matrix, a, 'End')).toEqual({ target: 'y_a', symbol: 'CCC' });
  });
});

it('whatever is done, in whatever order, a plan comes out', () => {
  const source = new Random(7);
  const random = () => source.uniform();
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)]!;
  let state = newEditor(jobs);
  const matrix = () => matrixOf(state.jobs, { targets: ['y_a', 'y_b', 'y_c'], symbols: ['AAA', 'BBB'] });
  for (let step = 0; step < 600; step++) {
    const { targets, symbols } = matrix();
    const cells = [pick(targets), pick(targets)].map((target) => ({ target, symbol: pick(symbols) }));
    const chosen = keys(...cells);
    const edit = pick<JobEdit>([
      setRoute(chosen, pick(routes)),
      setFamily(chosen, pick(familyIds), random() < 0.6),
      setPriority(chosen, Math.round(random() * 9)),
      setReason(chosen, 'why'),
      setParameter(chosen, 'LightGBM', 'rounds', pick([undefined, 20])),
      addJobs(cells, ['LightGBM']),
      removeJobs(chosen),
      copyToTargets(chosen, [pick(targets)]),
    ]);
    const kind = random();
    if (kind < 0.1) state = editorReducer(state, { kind: 'undo' });
    else if (kind < 0.2) state = editorReducer(state, { kind: 'redo' });
    else state = editorReducer(state, { kind: 'edit', label: 'step', edit });
    const plan = withJobs(masterPlanSchema.parse({ jobs: [] }), state.jobs);
    const checked = masterPlanSchema.safeParse(plan);
    expect(checked.error?.issues ?? [], `after step ${step}`).toEqual([]);
    expect(plan.metadata.total_jobs).toBe(state.jobs.length);
  }
  const steps = state.past.length;
  const last = state.jobs;
  for (let i = 0; i < steps; i++) state = editorReducer(state, { kind: 'undo' });
  for (let i = 0; i < steps; i++) state = editorReducer(state, { kind: 'redo' });
  expect(state.jobs).toBe(last);
});
