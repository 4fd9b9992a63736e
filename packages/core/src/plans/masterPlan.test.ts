import { describe, expect, test } from 'vitest';
import { checkMasterPlan, familyBySpelling, parseMasterPlan } from './masterPlan.ts';

const job = (over: object = {}) => ({
  job_id: 'j1',
  target: 'fwd_ret_5d',
  symbol: null,
  route: 'ROUTE_CROSS_SECTIONAL',
  training_type: 'cross_sectional',
  model_families: ['lightgbm'],
  priority: 2,
  reason: 'pooled IC 0.03',
  metadata: { ic: 0.03 },
  ...over,
});

describe('a master plan', () => {
  test('is read with its families by any usual spelling, once each, and keeps keys that are not known', () => {
    const read = checkMasterPlan({
      metadata: { run_id: 'r', predecessor: 3 },
      jobs: [{ ...job({ model_families: ['quantile_lightgbm', 'QuantileLightGBM', 'tab-transformer'] }), owner: 'x' }],
      summary: { total: 1 },
    });
    expect(read).toMatchObject({
      kind: 'plan',
      plan: {
        metadata: { predecessor: 3 },
        jobs: [{ model_families: ['QuantileLightGBM', 'TabTransformer'], owner: 'x' }],
      },
    });
  });

  test.each<[string, unknown, { path: string; message: RegExp }]>([
    [
      'a family there is not',
      { jobs: [job({ model_families: ['lgbm'] })] },
      { path: 'jobs.0.model_families.0', message: /no family 'lgbm'; there are LightGBM/ },
    ],
    [
      'a route there is not',
      { jobs: [job({ route: 'ROUTE_X' })] },
      { path: 'jobs.0.route', message: /ROUTE_CROSS_SECTIONAL/ },
    ],
    ['no target', { jobs: [job({ target: undefined })] }, { path: 'jobs.0.target', message: /string/ }],
    ['two jobs of one id', { jobs: [job(), job()] }, { path: 'jobs.1.job_id', message: /jobs\.0/ }],
    [
      'a symbol job without a symbol',
      { jobs: [job({ training_type: 'symbol_specific' })] },
      { path: 'jobs.0.symbol', message: /names its symbol/ },
    ],
    ['a pooled job with a symbol', { jobs: [job({ symbol: 'AAPL' })] }, { path: 'jobs.0.symbol', message: /'AAPL'/ }],
    [
      'a route and a type that contradict each other',
      { jobs: [job({ route: 'ROUTE_SYMBOL_SPECIFIC', symbol: null })] },
      { path: 'jobs.0.training_type', message: /ROUTE_SYMBOL_SPECIFIC job trains no cross_sectional models/ },
    ],
    ['no jobs', { metadata: {} }, { path: 'jobs', message: /array/ }],
    ['a list', [], { path: '', message: /object/ }],
  ])('%s is named by its path', (_, value, fault) => {
    expect(checkMasterPlan(value)).toEqual({
      kind: 'faults',
      faults: [{ path: fault.path, message: expect.stringMatching(fault.message) }],
    });
  });

  test('text that is no JSON is one fault', () => {
    expect(parseMasterPlan('{')).toMatchObject({ kind: 'faults', faults: [{ path: '', message: /not JSON/ }] });
  });

  test('a spelling that is none of ours has no family', () => {
    expect([familyBySpelling('lstm'), familyBySpelling('Random Forest')]).toEqual(['LSTM', undefined]);
  });
});
