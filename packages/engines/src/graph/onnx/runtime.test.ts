import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadLayerCases } from '../layers/testing/layerCases.ts';
import { loadGradientCases } from '../testing/gradientCases.ts';
import { adamWDefaults, adamWHyper } from '../adamw.ts';
import { loadTrainingCases, runTrainingCase } from '../testing/trainingCases.ts';
import { blockedDomain, type Dialect, dialectOf, standard } from './dialect.ts';
import type { Graph } from '../ir.ts';
import { emitOnnx } from './emit.ts';
import { probe } from './probe.ts';
import { createOnnxRuntime } from './runtime.ts';
import { loadWideGradientCases, loadWideTrainingCases } from './testing/wideCases.ts';

async function run(model: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const outputs = await session.run(feeds);
    return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.data as Float32Array]));
  } finally {
    await session.release();
  }
}

const dialects = [
  ['the ONNX standard', standard],
  ['the CPU with one thread', await dialectOf('cpu', 1)],
  ['the CPU with two threads', await dialectOf('cpu', 2)],
  ['WebGPU', await dialectOf('webgpu', 1)],
] as const;

describe.each(dialects)('ONNX Runtime, in the dialect of %s', (_, dialect) => {
  it.each([...loadGradientCases(), ...loadWideGradientCases(), ...loadLayerCases()])(
    'gives the values and gradients of PyTorch: $name',
    async ({ graph, feeds, expected }) => {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, data]) => [name, new Tensor('float32', data, graph.inputs.get(name)!.shape)]),
      );
      const values = await run(emitOnnx(graph, dialect), tensors);
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

describe.each([...loadTrainingCases(), ...loadWideTrainingCases()])('training by ONNX Runtime: $name', (training) => {
  it('has the losses of twenty AdamW steps and the predictions of PyTorch', async () => {
    const { losses, predictions } = await runTrainingCase(createOnnxRuntime, training, 2);
    losses.forEach((loss, i) => {
      expect(Math.abs(loss / training.golden.losses[i]! - 1), `step ${i + 1}`).toBeLessThan(1e-5);
    });
    training.golden.predictions.data.forEach((value, i) => {
      expect(Math.abs(predictions[i]! - value), `row ${i}`).toBeLessThan(1e-5);
    });
  });

  it('is the same, bit by bit, from run to run and with one thread, two or four', async () => {
    const first = await runTrainingCase(createOnnxRuntime, training, 2);
    expect(await runTrainingCase(createOnnxRuntime, training, 2)).toEqual(first);
    expect(await runTrainingCase(createOnnxRuntime, training, 1)).toEqual(first);
    expect(await runTrainingCase(createOnnxRuntime, training, 4)).toEqual(first);
  });
});

describe('the blocked form of a model', () => {
  const [wide] = loadWideGradientCases();
  const narrow = loadGradientCases().find(({ name }) => name === 'lstm.last')!;
  const isBlocked = (graph: Graph, dialect: Dialect) => Buffer.from(emitOnnx(graph, dialect)).includes(blockedDomain);

  it('is written where the processor has it and units are whole blocks, else the plain one', async () => {
    const cpu = await dialectOf('cpu', 1);
    expect(isBlocked(wide!.graph, cpu)).toBe(cpu.blocked !== null);
    expect(isBlocked(narrow.graph, cpu)).toBe(false);
    expect(isBlocked(wide!.graph, { ...cpu, blocked: null })).toBe(false);
    expect(isBlocked(wide!.graph, standard)).toBe(false);
  });

  it('is there on every x86 processor with AVX', async () => {
    if (process.arch !== 'x64') return;
    expect((await dialectOf('cpu', 1)).blocked?.block).toBeOneOf([8, 16]);
  });
});

describe('ONNX Runtime', () => {
  const [training] = loadTrainingCases();
  const input = { ...training!, weights: training!.start };

  it('takes the CPU in place of a device that is missing, and says so', async () => {
    const notes: string[] = [];
    const options = { threads: 1, device: 'cuda', note: (line: string) => void notes.push(line) } as const;
    const runtime = await createOnnxRuntime({ ...input, options });
    await runtime.close();
    if (runtime.description.includes('cuda')) return;
    expect(runtime.description).toMatch(/^ONNX Runtime \d+\.\d+\.\d+, cpu, 1 thread, batches in halves$/);
    expect(notes[0]).toMatch(/cannot use cuda here, cpu takes its place/);
  });

  it('does not train without a training program', async () => {
    const options = { threads: 1, device: 'cpu', note: () => {} } as const;
    const runtime = await createOnnxRuntime({ ...input, training: null, options });
    await expect(runtime.step({}, new Float32Array(3))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await runtime.close();
  });

  it('uses no more memory after a thousand steps', async () => {
    const options = { threads: 1, device: 'cpu', note: () => {} } as const;
    const runtime = await createOnnxRuntime({ ...input, options });
    const { x, y } = training!.golden.batches[0]!;
    const feeds = {
      x: Float32Array.from(x.data),
      target: Float32Array.from(y.data),
      rowWeights: new Float32Array(training!.golden.batchSize).fill(1),
    };
    const steps = async (from: number, to: number) => {
      const settings = { ...adamWDefaults, learningRate: 1e-4, weightDecay: 0 };
      for (let step = from; step <= to; step++) await runtime.step(feeds, adamWHyper(step, settings));
      return process.memoryUsage().rss;
    };
    const before = await steps(1, 500);
    const after = await steps(501, 1500);
    await runtime.close();
    expect(after - before).toBeLessThan(30e6);
  });

  it('is found', async () => {
    const found = await probe();
    expect(found).toMatchObject({ found: true, message: null });
    expect(found.providers).toContain('cpu');
  });
});
