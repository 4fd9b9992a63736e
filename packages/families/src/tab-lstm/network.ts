import type { Tensor } from '@twostage/engines/graph/ir';
import { dense } from '@twostage/engines/graph/layers/dense';
import { lstm } from '@twostage/engines/graph/layers/lstm';
import type { NetworkScope } from '@twostage/engines/graph/network';
import { featureInput, windowInput } from '../neural/rows.ts';

export interface NetworkSize {
  readonly lookback: number;
  readonly features: number;
  readonly hiddenUnits: number;
  readonly embeddingUnits: number;
  readonly dropout: number;
}

export interface Reading {
  /** [batch, 1] */
  readonly output: Tensor;
  /** How far the current bar opens each unit of the LSTM's output, [batch, hiddenUnits] in 0 … 1. */
  readonly gate: Tensor;
}

/**
 * An LSTM over the window that the current bar sets up and reads: an embedding of that bar's features gives the state the LSTM
 * starts from, and a gate for each unit of what it ends with. The head reads the gated units.
 */
export function tabLstm(scope: NetworkScope, size: NetworkSize): Reading {
  const { lookback, features, hiddenUnits, embeddingUnits, dropout } = size;
  const { builder } = scope;
  const window = scope.input(windowInput, [lookback, features]);
  const current = scope.input(featureInput, [features]);
  const embedding = builder.relu(dense(scope, 'embedding', current, embeddingUnits));
  const state = {
    hidden: builder.tanh(dense(scope, 'hidden', embedding, hiddenUnits)),
    cell: dense(scope, 'cell', embedding, hiddenUnits),
  };
  const last = lstm(scope, 'lstm', builder.transpose(window, [1, 0, 2]), hiddenUnits, 'last', state);
  const gate = builder.sigmoid(dense(scope, 'gate', embedding, hiddenUnits));
  return { output: dense(scope, 'head', scope.dropout(builder.multiply(last, gate), dropout), 1), gate };
}
