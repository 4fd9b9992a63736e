import { describe, expect, it } from 'vitest';
import { foldSettingsSchema } from '../runs/config.ts';
import { cpcvWarning, validationLines, validationSentences } from './validationLines.ts';

const holdout = { from: Date.UTC(2017, 0, 3), to: Date.UTC(2017, 11, 29) };

describe('what is said of a validation', () => {
  it('is how many models are fitted and judged on what, and that cpcv is no simulation of trading', () => {
    expect(validationSentences(foldSettingsSchema.parse({ count: 4 }))).toEqual([
      "4 test blocks one after the other, each after everything before it, the label's bars and 5 bars of embargo apart.",
      'Each training fits 4 models.',
    ]);
    const cpcv = validationSentences(foldSettingsSchema.parse({ validation: 'cpcv', holdoutFraction: 0.125 }));
    expect(cpcv[0]).toMatch(/^6 groups, 2 tested at a time: 15 splits that make 5 backtest paths/);
    expect(cpcv[1]).toMatch(/^The last 12.5 % of the bars are held out/);
    expect(cpcv.slice(2)).toEqual(['Each training fits 16 models.', cpcvWarning]);
  });

  it('is nothing before an ordinary run', () => {
    expect(validationLines(foldSettingsSchema.parse({}), null)).toEqual([]);
    expect(validationLines(foldSettingsSchema.parse({ holdoutFraction: 0.15 }), holdout)).toEqual([
      '🔒 Holdout: the last 15 % of the bars, 2017-01-03 – 2017-12-29; no fold sees them',
    ]);
    expect(validationLines(foldSettingsSchema.parse({ validation: 'cpcv' }), null)).toEqual([
      '🧩 Combinatorial purged cross-validation: 6 groups, 2 tested at a time: 15 splits, 5 backtest paths',
      `⚠️ ${cpcvWarning}`,
    ]);
  });
});
