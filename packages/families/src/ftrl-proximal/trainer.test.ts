import { DomainError } from '@twostage/core/errors';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip, temporaryFolder, testInput } from '../../test/fitting.ts';
import { normals, panelOf, rowsBetween, rSquared, type Simulated } from '../../test/simulatedPanel.ts';
import { trainer } from './trainer.ts';

/** Daily returns of 1.5 % deviation, driven by the first `active` features with explained variance `share`. */
function sparseLinear(rows: number, features: number, active: number, share: number, seed: number): Simulated {
  const normal = normals(seed);
  const panel = panelOf(rows, features, (_, column) => 100 + 10 ** (column % 3) * normal());
  const target = Float64Array.from({ length: rows }, (_, row) => {
    let signal = 0;
    for (let column = 0; column < active; column++) {
      const standard = (panel.features[column * rows + row]! - 100) / 10 ** (column % 3);
      signal += (column % 2 === 0 ? 1 : -1) * standard;
    }
    return 0.0005 + 0.015 * (Math.sqrt(share / active) * signal + Math.sqrt(1 - share) * normal());
  });
  return { panel, target };
}

describe('FTRLProximal', () => {
  it('recovers a sparse linear model, and which features carry it', async () => {
    const data = sparseLinear(10_000, 50, 5, 0.5, 1);
    const { model, notes } = await fit(trainer, fitInput('FTRLProximal', data, { alpha: 0.1, l1: 3 }));
    const test = testInput(data);
    expect(rSquared(data.target, test.rows, (await model.predict(test)).values)).toBeGreaterThan(0.45);
    const nonZero = model.importances!().filter(({ value }) => value > 0);
    const support = [0, 1, 2, 3, 4].map((column) => `feature ${column}`);
    expect(nonZero.map(({ feature }) => feature).sort()).toEqual(support);
    // L1 takes off 3 / √6000 of a standard deviation.
    for (const { value } of nonZero) expect(value).toBeCloseTo(Math.sqrt(0.1) - 0.04, 1);
    expect(notes).toEqual(['FTRLProximal: 5 of 50 weights are not zero']);
  });

  it('keeps the same features however often the rows are streamed', async () => {
    const data = sparseLinear(5000, 50, 5, 0.2, 6);
    for (const passes of [1, 12]) {
      const given = { alpha: 0.1, l1: 3, passes, patience: 0 };
      const { model } = await fit(trainer, fitInput('FTRLProximal', data, given));
      const kept = model.importances!().filter(({ value }) => value > 0);
      expect(kept.map(({ feature }) => feature).sort()).toEqual([0, 1, 2, 3, 4].map((column) => `feature ${column}`));
    }
  });

  it('finds a weak signal of daily returns with its defaults, most weights zero', async () => {
    const data = sparseLinear(30_000, 40, 4, 0.01, 2);
    const { model } = await fit(trainer, fitInput('FTRLProximal', data));
    const test = testInput(data);
    expect(rSquared(data.target, test.rows, (await model.predict(test)).values)).toBeGreaterThan(0.004);
    const importances = model.importances!();
    expect(importances.filter(({ value }) => value > 0).length).toBeLessThan(20);
    expect(
      importances
        .slice(0, 4)
        .map(({ feature }) => feature)
        .sort(),
    ).toEqual(['feature 0', 'feature 1', 'feature 2', 'feature 3']);
  });

  it('streams in time order: the labels of the last rows move nothing reported before them', async () => {
    const data = sparseLinear(2000, 5, 2, 0.3, 3);
    // Exchanged, so that the target's moments, which are over all training rows, stay.
    const exchanged = { panel: data.panel, target: data.target.slice() };
    exchanged.target.set([data.target[1199]!, data.target[1198]!], 1198);
    const one = await fit(trainer, fitInput('FTRLProximal', data, { passes: 1 }));
    const other = await fit(trainer, fitInput('FTRLProximal', exchanged, { passes: 1 }));
    const ratios = one.progress.map(({ trainLoss }, step) => other.progress[step]!.trainLoss! / trainLoss!);
    for (const ratio of ratios.slice(0, 9)) expect(ratio).toBeCloseTo(1, 12);
    expect(Math.abs(ratios[9]! - 1)).toBeGreaterThan(1e-6);
  });

  it('reports progressive loss and the loss after each step, and keeps the best pass', async () => {
    const data = sparseLinear(2000, 5, 2, 0.5, 4);
    const { model, progress } = await fit(trainer, fitInput('FTRLProximal', data, { passes: 4, patience: 0 }));
    expect(progress.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(progress[0]!.bestStep).toBeNull();
    const passEnds = progress.filter(({ step }) => step % 10 === 0);
    const best = passEnds.reduce((a, b) => (b.validationLoss! < a.validationLoss! ? b : a));
    const last = progress.at(-1)!;
    expect(last).toMatchObject({ bestStep: best.step, bestValidationLoss: best.validationLoss });
    const rows = rowsBetween(1200, 1600);
    const { values } = await model.predict({ ...testInput(data), rows });
    const loss = values.reduce((sum, value, index) => sum + (value - data.target[1200 + index]!) ** 2, 0) / 400;
    expect(loss / last.bestValidationLoss!).toBeCloseTo(1, 9);
  });

  it('is the same to the bit twice, and once saved and loaded', async () => {
    const data = sparseLinear(2000, 8, 2, 0.3, 5);
    const test = testInput(data);
    const { model } = await fit(trainer, fitInput('FTRLProximal', data));
    const again = await fit(trainer, fitInput('FTRLProximal', data));
    const { values } = await model.predict(test);
    expect((await again.model.predict(test)).values).toEqual(values);
    expect(await roundTrip(trainer, model, test)).toEqual(values);
    const folder = await temporaryFolder();
    await model.save(folder);
    const saved = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8'));
    expect(saved.features).toHaveLength(8);
  });

  it('takes missing cells, a feature that is always missing, one that never varies, and a flat target', async () => {
    const data = sparseLinear(2000, 6, 2, 0.5, 6);
    const panel = panelOf(2000, 8, (row, column) => {
      if (column === 6 || (column === 0 && row % 7 === 0)) return Number.NaN;
      return column === 7 ? 0.1 : data.panel.features[column * 2000 + row]!;
    });
    const { model } = await fit(trainer, fitInput('FTRLProximal', { panel, target: data.target }, { alpha: 0.1 }));
    const test = testInput({ panel, target: data.target });
    const { values } = await model.predict(test);
    expect(rSquared(data.target, test.rows, values)).toBeGreaterThan(0.3);
    const useless = model.importances!().filter(({ feature }) => ['feature 6', 'feature 7'].includes(feature));
    expect(useless.map(({ value }) => value)).toEqual([0, 0]);

    const flat = { panel, target: new Float64Array(2000).fill(0.02) };
    const constant = await fit(trainer, fitInput('FTRLProximal', flat));
    for (const value of (await constant.model.predict(test)).values) expect(value).toBeCloseTo(0.02, 12);
  });

  it('passes a cancel on, and refuses other features and empty folders', async () => {
    const data = sparseLinear(500, 3, 1, 0.5, 7);
    const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
    const report = async () => {
      throw cancelled;
    };
    await expect(trainer.fit(fitInput('FTRLProximal', data, {}, { report }))).rejects.toBe(cancelled);
    const { model } = await fit(trainer, fitInput('FTRLProximal', data));
    const other = sparseLinear(50, 4, 1, 0.5, 8);
    await expect(model.predict(testInput(other))).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
