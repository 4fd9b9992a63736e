import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadGradientCases } from '../testing/gradientCases.ts';
import { emitOnnx } from './emit.ts';

async function run(model: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const outputs = await session.run(feeds);
    return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.data as Float32Array]));
  } finally {
    await session.release();
  }
}

describe.each([true, false])('ONNX Runtime, portable operators only: %s', (portable) => {
  it.each(loadGradientCases())(
    'gives the values and gradients of PyTorch: $name',
    async ({ graph, feeds, expected }) => {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, data]) => [name, new Tensor('float32', data, graph.inputs.get(name)!.shape)]),
      );
      const values = await run(emitOnnx(graph, { portable }), tensors);
      for (const [name, { data }] of Object.entries(expected)) {
        const scale = Math.max(1, ...data.map(Math.abs));
        expect(values[name]!.length, name).toBe(data.length);
        values[name]!.forEach((value, i) => {
          expect(Math.abs(value - data[i]!), `${name}[${i}]`).toBeLessThan(1e-5 * scale);
        });
      }
    },
  );
});
