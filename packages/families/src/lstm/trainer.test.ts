import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@twostage/core/errors';
import { resolveParameters } from '@twostage/core/families/parameters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundTrip, temporaryFolder } from '../../test/fitting.ts';
import { barsPerSymbol, gapBars, memoryPanel, rowsOfBars } from '../../test/memoryPanel.ts';
import { pythonWith } from '../../test/python.ts';
import type { FitInput, FitProgress, FittedModel } from '../trainer.ts';
import { definition } from './definition.ts';
import { trainer } from './trainer.ts';

const lookback = 6;
const { panel, target } = memoryPanel();
const test = rowsOfBars(panel, 560, 700);
const asked = { panel, rows: test, lookback, threads: 1, device: 'cpu' } as const;

function fitInput(overrides: Partial<FitInput> = {}): FitInput {
  const chosen = { epochs: 12, batchSize: 64, learningRate: 0.01, hiddenUnits: 16 };
  return {
    panel,
    target,
    targets: [{ name: 'target', values: target, labelBars: 1 }],
    train: rowsOfBars(panel, 0, 470),
    validation: rowsOfBars(panel, 475, 550),
    parameters: resolveParameters(definition, chosen),
    lookback,
    seed: 3,
    threads: 1,
    device: 'cpu',
    report: async () => {},
    note: () => {},
    ...overrides,
  };
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const cross = a.reduce((sum, value, i) => sum + (value - ma) * (b[i]! - mb), 0);
  const spread = (x: Float64Array, m: number) => Math.sqrt(x.reduce((sum, value) => sum + (value - m) ** 2, 0));
  return cross / spread(a, ma) / spread(b, mb);
}

describe('LSTM', () => {
  const reports: FitProgress[] = [];
  let model: FittedModel;
  let values: Float64Array;

  beforeAll(async () => {
    model = await trainer.fit(fitInput({ report: async (progress) => void reports.push(progress) }));
    values = (await model.predict(asked)).values;
  });
  afterAll(() => model.close());

  it('remembers what no single bar shows', () => {
    const labels = Float64Array.from(test, (row) => target[row]!);
    expect(correlation(values, labels)).toBeGreaterThan(0.9);
    const error = labels.reduce((sum, label, i) => sum + (label - values[i]!) ** 2, 0) / labels.length;
    expect(error).toBeLessThan(0.2 * 0.01 ** 2);
  });

  it('shows that it rests on the signal of three bars ago', async () => {
    const figures = await model.figures!({ ...asked, target, train: rowsOfBars(panel, 0, 470), test });
    const [byFeature, byLag] = figures;
    if (byFeature?.kind !== 'bars' || byLag?.kind !== 'lines') throw new Error('expected bars and lines');
    expect(byFeature.items[0]!.label).toBe('signal');
    const { y } = byLag.series[0]!;
    expect(y.indexOf(Math.max(...y.map((value) => value ?? 0)))).toBe(3);
  });

  it('reports every epoch with both losses and ends on the best', () => {
    const epochs = reports.filter((report) => report.validationLoss !== null);
    expect(epochs.length).toBeGreaterThanOrEqual(4);
    const best = Math.min(...epochs.map((report) => report.validationLoss!));
    expect(epochs.at(-1)!.bestValidationLoss).toBe(best);
    expect(epochs.find((report) => report.validationLoss === best)!.step).toBe(epochs.at(-1)!.bestStep);
    const rows = reports.reduce((sum, report) => sum + report.rows, 0);
    // A window starts at the sixth bar of a symbol, and again after the gap.
    expect(rows).toBe(epochs.length * (2 * (470 - lookback + 1) - gapBars - (lookback - 1)));
    expect(reports.every((report) => report.step <= report.totalSteps)).toBe(true);
  });

  it('gives the same predictions, bit by bit, for the same seed, and others for another', async () => {
    const again = await trainer.fit(fitInput());
    const other = await trainer.fit(fitInput({ seed: 4 }));
    expect((await again.predict(asked)).values).toEqual(values);
    expect((await other.predict(asked)).values).not.toEqual(values);
    await again.close();
    await other.close();
  });

  it('predicts the same, bit by bit, after it was saved and loaded', async () => {
    expect(await roundTrip(trainer, model, asked)).toEqual(values);
  });

  it('is an ONNX file with which Python predicts the same', async () => {
    const python = pythonWith('onnxruntime');
    if (python === undefined) return;
    const directory = await temporaryFolder();
    await model.save(directory);
    const width = panel.featureNames.length;
    const windows = new Float32Array(test.length * lookback * width);
    for (let i = 0; i < windows.length; i++) {
      const row = test[Math.floor(i / (lookback * width))]! - (lookback - 1) + (Math.floor(i / width) % lookback);
      windows[i] = panel.features[(i % width) * panel.rows + row]!;
    }
    const [input, output] = [join(directory, 'windows.f32'), join(directory, 'predictions.f64')];
    await writeFile(input, windows);
    execFileSync(python, [fileURLToPath(new URL('predict_onnx.py', import.meta.url)), directory, input, output]);
    const theirs = new Float64Array(new Uint8Array(await readFile(output)).buffer);
    expect(theirs.length).toBe(values.length);
    values.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!), `row ${i}`).toBeLessThan(1e-8);
    });
  });

  it('predicts nothing where a window would cross a symbol or a gap', async () => {
    const all = Uint32Array.from({ length: panel.rows }, (_, row) => row);
    const { values: everywhere } = await model.predict({ ...asked, rows: all });
    const missing = [...everywhere.keys()].filter((row) => Number.isNaN(everywhere[row]!));
    const start = (row: number) => Array.from({ length: lookback - 1 }, (_, i) => row + i);
    expect(missing).toEqual([...start(0), ...start(301), ...start(barsPerSymbol)]);
  });

  it('does not see features or labels outside its training and validation rows', async () => {
    const later = { ...panel, features: panel.features.slice() };
    const labels = target.slice();
    for (const row of rowsOfBars(panel, 551, 800)) {
      labels[row] = 99;
      for (let feature = 0; feature < 3; feature++) later.features[feature * panel.rows + row] = 1e6;
    }
    const blind = await trainer.fit(fitInput({ panel: later, target: labels }));
    expect((await blind.predict(asked)).values).toEqual(values);
    await blind.close();
  });

  it('stops when its report says so', async () => {
    const report = async () => {
      throw new DomainError('CANCELLED', 'cancelled');
    };
    await expect(trainer.fit(fitInput({ report }))).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says what is missing when no training row has a window', async () => {
    await expect(trainer.fit(fitInput({ lookback: 800 }))).rejects.toThrow(/LSTM needs .* 800 bars/);
  });

  it('refuses other features and other windows than it was trained on', async () => {
    const renamed = { ...panel, featureNames: ['signal', 'noise', 'other'] };
    await expect(model.predict({ ...asked, panel: renamed })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(model.predict({ ...asked, lookback: 7 })).rejects.toThrow(/windows of 6 bars, got 7/);
  });
});
