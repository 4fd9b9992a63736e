import { describe, expect, it } from 'vitest';
import { errorAt, placeOf } from './formErrors.ts';

const place = (field: string) => placeOf({ field, message: 'no' });

describe('errors of the launch form', () => {
  it('places what the server says beside its input', () => {
    expect(place('config.symbols.2')).toBe('config.symbols');
    expect(place('symbols.2')).toBe('config.symbols');
    expect(place('parameters.MLP.layers')).toBe('config.parameters.MLP.layers');
    expect(place('folds.count')).toBe('config.folds.count');
    expect(place('dataDir')).toBe('datasetId');
    expect(place('datasetId')).toBe('datasetId');
    expect(place('something.else')).toBeNull();
  });
  it('finds a message at its place or below', () => {
    const errors = {
      config: {
        symbols: [undefined, { type: 'custom', message: 'no symbol X' }],
        name: { type: 'x', message: 'needed' },
      },
    } as never;
    expect(errorAt(errors, 'config.symbols')).toBe('no symbol X');
    expect(errorAt(errors, 'config.name')).toBe('needed');
    expect(errorAt(errors, 'config.targets')).toBeUndefined();
  });
});
