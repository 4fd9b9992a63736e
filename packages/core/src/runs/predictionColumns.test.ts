import { expect, it } from 'vitest';
import { predictionColumns } from './predictionColumns.ts';

const point = Float64Array.of(1, 2);

it('lays a forecast out as columns: the point, how sure it is, then further targets', () => {
  const outcome = { target: 'fwd_ret_1d', name: 'target' };
  const first = { name: 'prediction', perRow: 1, outcome, values: point };
  expect(predictionColumns(['fwd_ret_1d'], [point], undefined)).toEqual([first]);
  const levels = [0.1, 0.5, 0.9];
  const values = Float64Array.of(0, 1, 2, 3, 4, 5);
  expect(predictionColumns(['fwd_ret_1d'], [point], { kind: 'quantiles', levels, values })).toEqual([
    first,
    { name: 'q0.1', perRow: 1, values: Float64Array.of(0, 3) },
    { name: 'q0.5', perRow: 1, values: Float64Array.of(1, 4) },
    { name: 'q0.9', perRow: 1, values: Float64Array.of(2, 5) },
  ]);
  const deviations = Float64Array.of(0.1, 0.2);
  const other = Float64Array.of(3, 4);
  expect(predictionColumns(['fwd_ret_1d', 'y_x'], [point, other], { kind: 'normal', deviations })).toEqual([
    first,
    { name: 'deviation', perRow: 1, values: deviations },
    { name: 'prediction_y_x', perRow: 1, outcome: { target: 'y_x', name: 'target_y_x' }, values: other },
  ]);
  const draws = { kind: 'draws', perRow: 3, draws: values } as const;
  expect(predictionColumns(['fwd_ret_1d'], [point], draws)[1]).toEqual({ name: 'draws', perRow: 3, values });
});
