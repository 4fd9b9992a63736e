import { featureConfigJson } from '@twostage/core/runs/featureExpressions';
import { describe, expect, it } from 'vitest';
import { readPastedFeatures } from './pastedFeatures.ts';

describe('pasted features', () => {
  it('are what was exported, in its order', () => {
    const features = [
      { name: 'zeta', expression: 'close / open' },
      { name: '_a', expression: 'zeta - 1' },
    ];
    expect(featureConfigJson(features)).toBe('{\n  "zeta": "close / open",\n  "_a": "zeta - 1"\n}');
    expect(readPastedFeatures(featureConfigJson(features))).toEqual({ features });
    expect(readPastedFeatures('{}')).toEqual({ features: [] });
  });

  it.each([
    ['no JSON', '{"a": ', /^this is not JSON: /],
    ['a number', '3', /^an object is expected: \{"name": "SQL expression", …\}$/],
    ['a name that is none', '{"ok": "close", "a b": "close"}', /^a b: a feature is named by letters, digits and/],
    ['an expression that is no text', '{"ok": "close", "n": 3}', /^n: .*expected string/],
    ['an empty expression', '{"n": " "}', /^n: an SQL expression is needed$/],
    ['two of one name', '{"up": "close", "Up": "open"}', /^Up: another feature is named Up already$/],
  ])('refuse %s in one line', (_, text, error) => {
    expect(readPastedFeatures(text)).toEqual({ error: expect.stringMatching(error) });
  });
});
