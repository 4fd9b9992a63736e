import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '@twostage/core/runs/events';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import { expect, it } from 'vitest';
import { progressTable, shareDone } from './progressTable.ts';

const spec = (family: 'LightGBM' | 'MLP', target = 'fwd_ret_1d') => ({
  id: `${family}.${target}.all`,
  family,
  target,
  scope: { kind: 'crossSectional' as const },
  stage: family === 'MLP' ? ('gpu' as const) : ('cpu' as const),
});

function viewOf(trainings: ReturnType<typeof spec>[], events: RunEvent[]): RunView {
  const view = emptyRunView();
  const all: RunEvent[] = [
    { kind: 'run.stateChanged', state: 'preparing', reason: null, runner: 'r' },
    { kind: 'run.planned', trainings, folds: [], summary: [] },
    ...events,
  ];
  for (const [i, event] of all.entries()) applyEvent(view, { runId: 'r', seq: i + 1, at: 1000, event });
  return view;
}
const progress = (training: string, step: number): RunEvent => ({
  kind: 'training.progress',
  training,
  progress: {
    phase: 'training',
    fold: 0,
    folds: 2,
    step,
    totalSteps: 100,
    trainLoss: 1,
    validationLoss: 0.5,
    bestStep: step,
    bestValidationLoss: 0.25,
    rowsPerSecond: 1,
    elapsedMs: 500,
    etaMs: 90_000,
    rssBytes: 300 * 2 ** 20,
    threads: 1,
  },
});
const started = (training: string): RunEvent => ({ kind: 'training.started', training, pid: 1, threads: 1 });

it('shows a row a training with its progress, and drops memory where the terminal is narrow', () => {
  const view = viewOf(
    [spec('LightGBM'), spec('MLP')],
    [started('LightGBM.fwd_ret_1d.all'), progress('LightGBM.fwd_ret_1d.all', 50)],
  );
  expect(shareDone(view.trainings.get('LightGBM.fwd_ret_1d.all')!)).toBe(0.25);
  const wide = stripVTControlCharacters(progressTable(view, 3500, { columns: 140, rows: 30 })).split('\n');
  expect(wide[1]).toMatch(/^cpu +LightGBM +training +━+ 0\/2 +50\/100 +0\.25000 +2\.5s +1m 30s +300 MB$/);
  expect(wide[2]).toMatch(/^gpu +MLP +waiting/);
  expect(wide.at(-1)).toBe('0 of 2 trainings done · 2.5s');
  expect(progressTable(view, 3500, { columns: 90, rows: 30 })).not.toContain('memory');
});

it('keeps the running training in sight when there are more than fit', () => {
  const many = Array.from({ length: 30 }, (_, i) => spec('LightGBM', `fwd_ret_${i + 1}d`));
  const view = viewOf(many, [started('LightGBM.fwd_ret_25d.all'), progress('LightGBM.fwd_ret_25d.all', 1)]);
  const lines = stripVTControlCharacters(progressTable(view, 1000, { columns: 140, rows: 16 })).split('\n');
  expect(lines.filter((line) => line.startsWith('cpu'))).toHaveLength(10);
  expect(lines.some((line) => line.includes('fwd_ret_25d'))).toBe(true);
  expect(lines.at(-2)).toBe('… and 20 more');
});
