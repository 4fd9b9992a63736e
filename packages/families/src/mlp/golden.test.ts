import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { meanSquaredError } from '@twostage/engines/graph/losses';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import { createTensorFlowRuntime } from '@twostage/engines/graph/tensorflow/runtime';
import { expect, it } from 'vitest';
import { AnsiDraws } from '../../test/ansiDraws.ts';
import { featureInput } from '../neural/rows.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { mlpNetwork } from './network.ts';

const [features, units, batch, steps, rate] = [24, [32, 16], 64, 20, 0.25] as const;
const [partialStep, partialRows] = [6, 40] as const;

it('takes PyTorch’s first 20 steps, a partial batch among them, and predicts as it does', async () => {
  const network = mlpNetwork({ features, hiddenUnits: units[0], layers: units.length, dropout: rate });
  const settings = { loss: meanSquaredError, targetShape: [], optimizer: adamWDefaults, clipNorm: 0 };
  const training = trainingProgram(network, batch, settings);
  const draws = new AnsiDraws(2024);
  const runtime = await createTensorFlowRuntime({
    training,
    inference: inferenceProgram(network, batch),
    weights: draws.start(training.spec),
    options: { threads: 2, device: 'cpu', note: () => {} },
  });

  const optimizer = { ...adamWDefaults, learningRate: 0.001, weightDecay: 0.01 };
  for (let step = 1; step <= steps; step++) {
    const x = draws.array(batch * features);
    const noise = draws.array(batch);
    const target = Float32Array.from(noise, (y, row) => y * 0.1 + x[row * features]! * x[row * features + 1]!);
    const masks = units.map((width) =>
      draws.array(batch * width).map((value) => (value >= 2 * rate - 1 ? 1 / (1 - rate) : 0)),
    );
    const rows = step === partialStep ? partialRows : batch;
    const feeds = { dropout0: masks[0]!, dropout1: masks[1]!, rowWeights: new Float32Array(batch).fill(1, 0, rows) };
    const loss = await runtime.step({ [featureInput]: x, target, ...feeds }, adamWHyper(step, optimizer));
    expect(Math.abs(loss / golden.losses[step - 1]! - 1), `loss of step ${step}`).toBeLessThan(1e-5);
  }
  const outputs = await runtime.predict({ [featureInput]: draws.array(batch * features) });
  golden.outputs.forEach((output, row) => {
    expect(Math.abs(outputs[row]! - output), `output ${row}`).toBeLessThan(1e-5);
  });
  const statistics = (await runtime.weights()).state;
  golden.state.forEach((value, i) => {
    expect(Math.abs(statistics[i]! - value), `running statistic ${i}`).toBeLessThan(1e-5);
  });
  await runtime.close();
});
