import { readdir } from 'node:fs/promises';
import { hideTensorFlow } from '@twostage/engines/tensorflow/testing/hideTensorFlow';
import { beforeAll, expect, it } from 'vitest';
import { fit, fitInput, roundTrip, temporaryFolder, testInput } from '../test/fitting.ts';
import { rSquared, uniformPanel } from '../test/simulatedPanel.ts';
import { families } from './catalogue.ts';
import { trainers } from './trainers.ts';

beforeAll(hideTensorFlow);

const data = uniformPanel(2400, 5, 21);
const test = testInput(data);
const column = { name: 'target', values: data.target, labelBars: 1 };
const quick = { hiddenUnits: 32, dropout: 0.05, learningRate: 0.01, batchSize: 128, epochs: 40, patience: 8 };
/** The share of the variance that a family explains here after so short a training; a product is not what a VAE is for. */
const least: Partial<Record<string, number>> = { MLP: 0.6, MultiTask: 0.6, GAN: 0.2, VAE: -0.1 };

it.each(families.filter(({ framework }) => framework === 'tensorflow'))(
  '$id trains on ONNX Runtime where TensorFlow is missing, and says so',
  async (family) => {
    const trainer = await trainers[family.id]();
    const settings = Object.entries({ ...quick, maxSteps: 500 }).filter(([name]) => name in family.parameters.shape);
    const targets = family.targets === 'together' ? [column, { ...column, name: 'again' }] : [column];
    const input = fitInput(family.id, data, Object.fromEntries(settings), { targets });
    const { model, notes } = await fit(trainer, input);
    expect(notes).toEqual([
      expect.stringMatching(
        /^ONNX Runtime takes the place of TensorFlow: native TensorFlow does not load .+node scripts\/provision\.mjs$/,
      ),
    ]);
    expect(await trainer.describe(2, 'cpu')).toMatch(/^ONNX Runtime \S+, cpu, 2 threads, in place of TensorFlow$/);
    const { values } = await model.predict(test);
    expect(rSquared(data.target, test.rows, values)).toBeGreaterThan(least[family.id]!);
    expect(await roundTrip(trainer, model, test)).toEqual(values);
    const folder = await temporaryFolder();
    await model.save(folder);
    expect((await readdir(folder)).sort()).toEqual(['model.json', 'model.onnx']);
  },
);
