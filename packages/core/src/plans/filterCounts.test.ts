import { expect, it } from 'vitest';
import { z } from 'zod';
import { type FamilyDefinition, familyIds } from '../families/family.ts';
import { filterPlan, type PlanRequest } from './filter.ts';
import { filterLines } from './filterLines.ts';
import { type PlanJob, planJobSchema, type Route } from './masterPlan.ts';

const torch = ['CNN1D', 'LSTM', 'Transformer', 'TabCNN', 'TabLSTM', 'TabTransformer'];
const tensorflow = ['MLP', 'VAE', 'GAN', 'MultiTask'];
/** All twenty, as alike as they can be. */
const families = familyIds.map((id): FamilyDefinition => {
  const framework = torch.includes(id) ? 'torch' : tensorflow.includes(id) ? 'tensorflow' : 'cpu';
  return {
    ...{
      id,
      title: id,
      summary: '',
      source: '',
      engine: 'typescript',
      input: 'tabular',
      output: 'point',
      targets: 'each',
    },
    ...{ framework, stage: framework === 'cpu' ? 'cpu' : 'gpu', threads: 'one', parameters: z.object({}) },
    minimum: { symbols: 1, targets: 1 },
  };
});

const pooled = (target: string, route: Route = 'ROUTE_CROSS_SECTIONAL', families = ['LightGBM']): PlanJob =>
  planJobSchema.parse({ job_id: `${target}.${route}`, target, route, model_families: families });
const own = (target: string, symbol: string, families = ['LightGBM']): PlanJob =>
  planJobSchema.parse({
    ...{ job_id: `${target}.${symbol}`, target, symbol, route: 'ROUTE_SYMBOL_SPECIFIC', model_families: families },
  });

const targets = Array.from({ length: 10 }, (_, i) => `y_${i}`);
const symbols = ['A', 'B', 'C', 'D'];
const trained = targets.slice(0, 7).map((target) => pooled(target));
const blocked = targets.slice(7).map((target) => pooled(target, 'ROUTE_BLOCKED', []));

/** What the plan says, what the run asks for, and the lines of what was narrowed: counted by hand. */
const cases: [string, PlanJob[], Partial<PlanRequest>, string[]][] = [
  [
    'three of ten targets are blocked',
    [...trained, ...blocked],
    {},
    ['10 → 7 targets', '20 → 1 families', '10 → 7 jobs'],
  ],
  [
    'the run asks for three targets',
    trained,
    { targets: ['y_0', 'y_1', 'y_9'] },
    ['3 → 2 targets', '20 → 1 families', '7 → 2 jobs'],
  ],
  ['the run asks for all ten of a plan of seven', trained, { targets }, ['10 → 7 targets', '20 → 1 families']],
  ['the run asks for the plan’s family', trained, { families: ['LightGBM'] }, []],
  ['the run asks for two families, the plan names one', trained, { families: ['LightGBM', 'MLP'] }, ['2 → 1 families']],
  [
    'models of one symbol each, of two of four',
    [own('y_0', 'A'), own('y_0', 'C')],
    {},
    ['4 → 2 symbols', '20 → 1 families'],
  ],
  ['one of them pooled: every symbol counts', [own('y_0', 'A'), pooled('y_0')], {}, ['20 → 1 families']],
  [
    'the run asks for symbols of which the plan has one',
    [own('y_0', 'A'), own('y_0', 'C')],
    { symbols: ['A', 'B'] },
    ['2 → 1 symbols', '20 → 1 families', '2 → 1 jobs'],
  ],
  ['an experimental job counts', [pooled('y_0'), pooled('y_1', 'ROUTE_EXPERIMENTAL_ONLY')], {}, ['20 → 1 families']],
  [
    'a job without families trains nothing',
    [pooled('y_0'), pooled('y_1', 'ROUTE_CROSS_SECTIONAL', [])],
    {},
    ['2 → 1 targets', '20 → 1 families', '2 → 1 jobs'],
  ],
  [
    'both: pooled and its own',
    [pooled('y_0', 'ROUTE_BOTH'), { ...own('y_0', 'A'), route: 'ROUTE_BOTH' }],
    {},
    ['20 → 1 families'],
  ],
  [
    'two routes of one target count as one',
    [pooled('y_0'), own('y_0', 'B'), pooled('y_1', 'ROUTE_BLOCKED', [])],
    {},
    ['2 → 1 targets', '20 → 1 families', '3 → 2 jobs'],
  ],
  [
    'cross-sectional models only: fourteen tabular families',
    [pooled('y_0', 'ROUTE_CROSS_SECTIONAL', ['LightGBM', 'LSTM'])],
    { modelTypes: 'cross-sectional' },
    ['14 → 1 families'],
  ],
];

it.each(cases)('%s', (_, jobs, over, expected) => {
  const filtered = filterPlan({
    ...{
      jobs,
      catalogue: families,
      modelTypes: 'sequential',
      families: [],
      targets: [],
      symbols,
      knownSymbols: symbols,
    },
    ...over,
  });
  const lines = filterLines(filtered, jobs).filter((line) => line.startsWith('📋 Training plan filter applied: '));
  expect(lines.map((line) => line.slice('📋 Training plan filter applied: '.length))).toEqual(expected);
});
