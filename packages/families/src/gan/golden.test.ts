import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import { createTensorFlowRuntime } from '@twostage/engines/graph/tensorflow/runtime';
import { expect, it } from 'vitest';
import { AnsiDraws } from '../../test/ansiDraws.ts';
import { largestDifference } from '../../test/simulatedPanel.ts';
import { featureInput } from '../neural/rows.ts';
import golden from './golden/golden.json' with { type: 'json' };
import {
  discriminatorLoss,
  discriminatorNetwork,
  generatorInTraining,
  generatorLoss,
  labelInput,
  latentInput,
} from './network.ts';

const [features, latents, batch, partialRows] = [5, 2, 32, 20] as const;
const size = { features, latents, hiddenUnits: 8, layers: 2 };
const optimizer = { ...adamWDefaults, beta1: 0, beta2: 0.9, learningRate: 0.01, weightDecay: 0.01 };
const settings = { targetShape: [], optimizer, clipNorm: 0 };

it('takes PyTorch’s first turns: both hinge losses agree, and so does what the generator then draws', async () => {
  const draws = new AnsiDraws(83);
  const runtimeOf = async (network: ReturnType<typeof generatorInTraining>, loss: typeof generatorLoss) => {
    const training = trainingProgram(network, batch, { ...settings, loss });
    const weights = draws.start(training.spec);
    for (const { shape, offset } of training.spec.states)
      weights.state.fill(1 / Math.sqrt(shape[0]!), offset, offset + shape[0]!);
    const inference = inferenceProgram(network, batch);
    return createTensorFlowRuntime({
      training,
      inference,
      weights,
      options: { threads: 1, device: 'cpu', note: () => {} },
    });
  };
  const generator = await runtimeOf(generatorInTraining(size), generatorLoss);
  const discriminator = await runtimeOf(discriminatorNetwork(size), discriminatorLoss);
  const turns = golden.generatorLosses.length;
  for (let turn = 1; turn <= turns; turn++) {
    const hyper = adamWHyper(turn, optimizer);
    const x = draws.array(batch * features);
    const label = draws.array(batch);
    const rowWeights = new Float32Array(batch).fill(1, 0, turn === turns ? partialRows : batch);
    const shared = { [featureInput]: x, target: label, rowWeights };
    const frozenGenerator = { 'generator.parameters': (await generator.weights()).parameters };
    const latent = draws.array(batch * latents);
    const judged = { ...shared, ...frozenGenerator, [labelInput]: label, [latentInput]: latent };
    const ofDiscriminator = await discriminator.step(judged, hyper);
    const { parameters, state } = await discriminator.weights();
    const frozenDiscriminator = { 'discriminator.parameters': parameters, 'discriminator.state': state };
    const drawn = { ...shared, ...frozenDiscriminator, [latentInput]: draws.array(batch * latents) };
    const ofGenerator = await generator.step(drawn, hyper);
    expect(ofDiscriminator, `discriminator, turn ${turn}`).toBeCloseTo(golden.discriminatorLosses[turn - 1]!, 4);
    expect(ofGenerator, `generator, turn ${turn}`).toBeCloseTo(golden.generatorLosses[turn - 1]!, 4);
  }
  const x = draws.array(batch * features);
  const outputs = await generator.predict({ [featureInput]: x, [latentInput]: draws.array(batch * latents) });
  expect(largestDifference(outputs, golden.drawn)).toBeLessThan(1e-4);
  await generator.close();
  await discriminator.close();
});
