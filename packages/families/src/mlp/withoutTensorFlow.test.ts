import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, expect, it } from 'vitest';
import { fit, fitInput, roundTrip, temporaryFolder, testInput } from '../../test/fitting.ts';
import { rSquared, uniformPanel } from '../../test/simulatedPanel.ts';
import { trainer } from './trainer.ts';

beforeAll(() => {
  // TensorFlow's package looks for its binding where this says.
  const require = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu'));
  const finder = require.resolve('@mapbox/node-pre-gyp');
  require(finder);
  require.cache[finder]!.exports = { find: () => '/nonexistent/tfjs_binding.node' };
});

it('trains on ONNX Runtime where TensorFlow is missing, and says so', async () => {
  const data = uniformPanel(2400, 5, 21);
  const parameters = { hiddenUnits: 32, dropout: 0.05, learningRate: 0.01, batchSize: 128, epochs: 40, patience: 8 };
  const { model, notes } = await fit(trainer, fitInput('MLP', data, parameters));
  expect(notes).toEqual([
    expect.stringMatching(
      /^ONNX Runtime takes the place of TensorFlow: native TensorFlow does not load .+node scripts\/provision\.mjs$/,
    ),
  ]);
  expect(await trainer.describe(2, 'cpu')).toMatch(/^ONNX Runtime \S+, cpu, 2 threads, in place of TensorFlow$/);
  const test = testInput(data);
  const { values } = await model.predict(test);
  expect(rSquared(data.target, test.rows, values)).toBeGreaterThan(0.6);
  expect(await roundTrip(trainer, model, test)).toEqual(values);
  const folder = await temporaryFolder();
  await model.save(folder);
  expect((await readdir(folder)).sort()).toEqual(['model.json', 'model.onnx']);
});
