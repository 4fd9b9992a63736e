import { readFileSync } from 'node:fs';
import { dense } from '../../layers/dense.ts';
import { lstm } from '../../layers/lstm.ts';
import type { Network } from '../../network.ts';
import { type Build, type GoldenCase, type GradientCase, gradientCase } from '../../testing/gradientCases.ts';
import { type GoldenTraining, type TrainingCase, trainingCase } from '../../testing/trainingCases.ts';

/** Operators at widths that are whole blocks of channels, as golden/make_golden.py has them. */
const builds: Readonly<Record<string, Build>> = {
  'lstm.last': (g, [x, wi, wh, b]) => [g.lstm(x!, wi!, wh!, b!, 'last')],
  'lstm.lastFrom': (g, [x, wi, wh, b, hidden, cell]) => [
    g.lstm(x!, wi!, wh!, b!, 'last', { hidden: hidden!, cell: cell! }),
  ],
  'lstm.sequence': (g, [x, wi, wh, b]) => [g.lstm(x!, wi!, wh!, b!, 'sequence')],
  'conv1d.whole': (g, [x, w, b]) => [g.conv1d(x!, w!, b!, 2)],
  'conv1d.padded': (g, [x, w, b]) => [g.conv1d(x!, w!, b!)],
  'conv1d.block': (g, [x, w1, b1, w2, b2, mask]) => {
    const hidden = g.multiply(g.relu(g.conv1d(x!, w1!, b1!)), mask!);
    const second = g.subtract(g.tanh(g.conv1d(hidden, w2!, b2!, 2)), g.multiply(0.5, hidden));
    return [g.reduceMean(g.relu(g.add(x!, second)), [0])];
  },
};

const networks: Readonly<Record<string, Network>> = {
  lstm: (scope) => {
    const x = scope.builder.transpose(scope.input('x', [4, 5]), [1, 0, 2]);
    return dense(scope, 'head', lstm(scope, 'second', lstm(scope, 'first', x, 16, 'sequence'), 16, 'last'), 1);
  },
};

function read<T>(file: string): Readonly<Record<string, T>> {
  return JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8'));
}

export function loadWideGradientCases(): GradientCase[] {
  const golden = read<GoldenCase>('gradients.json');
  return Object.entries(builds).map(([name, build]) => gradientCase(name, golden[name]!, build));
}

/** Batches of all rows, of more than half of them and of less. */
export function loadWideTrainingCases(): TrainingCase[] {
  const golden = read<GoldenTraining>('training.json');
  return Object.entries(networks).map(([name, network]) => trainingCase(`wide ${name}`, network, golden[name]!));
}
