import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadTensorFlow } from '../../tensorflow/load.ts';
import { GraphBuilder } from '../builder.ts';
import type { Graph } from '../ir.ts';
import { standard } from '../onnx/dialect.ts';
import { emitOnnx } from '../onnx/emit.ts';
import { loadLayerCases } from '../layers/testing/layerCases.ts';
import { loadGradientCases } from '../testing/gradientCases.ts';
import { type Signature, servingTag, writeSavedModel } from './savedModel.ts';

type Values = Record<string, Float32Array>;

async function runTensorFlow(signature: Signature, feeds: Values, rows?: number): Promise<Values> {
  const { tf } = loadTensorFlow({ threads: 1 });
  const folder = await mkdtemp(path.join(tmpdir(), 'twostage-test-'));
  try {
    await writeSavedModel(folder, { case: signature });
    const model = await tf.node.loadSavedModel(folder, [servingTag], 'case');
    const shapeOf = (name: string) => {
      const { shape } = signature.graph.inputs.get(name)!;
      return rows === undefined ? [...shape] : [rows, ...shape.slice(1)];
    };
    const inputs = Object.entries(feeds).map(([name, data]) => [name, tf.tensor(data, shapeOf(name))] as const);
    const outputs = model.predict(Object.fromEntries(inputs)) as Record<string, ReturnType<typeof tf.tensor>>;
    const values = Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync() as Float32Array] as const);
    tf.dispose([outputs, Object.fromEntries(inputs)]);
    model.dispose();
    return Object.fromEntries(values);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runOnnx(graph: Graph, feeds: Values): Promise<Values> {
  const session = await InferenceSession.create(emitOnnx(graph, standard), { intraOpNumThreads: 1 });
  const tensors = Object.entries(feeds).map(
    ([name, data]) => [name, new Tensor('float32', data, graph.inputs.get(name)!.shape)] as const,
  );
  const outputs = await session.run(Object.fromEntries(tensors));
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.data as Float32Array]));
}

/** The largest difference, as a share of the largest reference value (of 1 if that is smaller). */
function difference(values: Float32Array, reference: ArrayLike<number>): number {
  expect(values.length).toBe(reference.length);
  const scale = Math.max(1, ...Array.from(reference, Math.abs));
  return Math.max(...Array.from(values, (value, i) => Math.abs(value - reference[i]!))) / scale;
}

describe('TensorFlow', () => {
  it.each([...loadGradientCases(), ...loadLayerCases()])(
    'gives the values and gradients of PyTorch and of ONNX Runtime: $name',
    async ({ graph, feeds, expected }) => {
      const values = await runTensorFlow({ graph }, feeds);
      const onnx = await runOnnx(graph, feeds);
      expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, { data }] of Object.entries(expected)) {
        expect(difference(values[name]!, data), `${name} against PyTorch`).toBeLessThan(1e-5);
        expect(difference(values[name]!, onnx[name]!), `${name} against ONNX Runtime`).toBeLessThan(1e-5);
      }
    },
  );
});

describe('a signature of any batch', () => {
  it('takes more and fewer rows than the graph was built with', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', [4, 2]);
    const weights = g.constant([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
    const graph = g.finish({ y: g.relu(g.linear(x, weights, g.constant([3], Float32Array.of(0, 1, -100)))) });
    const one = await runTensorFlow({ graph, anyBatch: true }, { x: Float32Array.of(1, 1) }, 1);
    expect([...one.y!]).toEqual([3, 8, 0]);
    const many = new Float32Array(14).fill(1);
    const seven = await runTensorFlow({ graph, anyBatch: true }, { x: many }, 7);
    expect([...seven.y!]).toEqual(Array.from({ length: 7 }, () => [3, 8, 0]).flat());
  });

  it.each<[string, (g: GraphBuilder, x: ReturnType<GraphBuilder['input']>) => ReturnType<GraphBuilder['input']>]>([
    ['reduceSum', (g, x) => g.reduceSum(x, [0])],
    ['matmul', (g, x) => g.matmul(x, x, { transposeA: true })],
    ['reshape', (g, x) => g.reshape(x, [8])],
    ['add', (g, x) => g.add(x, g.constant([4, 2], new Float32Array(8)))],
    ['split', (g, x) => g.split(x, 0, [2, 2])[1]!],
  ])('refuses what mixes or counts rows: %s', async (kind, build) => {
    const g = new GraphBuilder();
    const graph = g.finish({ y: build(g, g.input('x', [4, 2])) });
    await expect(runTensorFlow({ graph, anyBatch: true }, {}, 4)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`its ${kind} is known for batches of one length only`),
    });
  });
});
