import { GraphBuilder } from '../builder.ts';
import type { RuntimeOptions } from '../runtime.ts';
import { standard } from './dialect.ts';
import { emitOnnx } from './emit.ts';
import { describeSession, openSession } from './session.ts';

/** What would run a model with these options, found out with a model of one node: e.g. `ONNX Runtime 1.30.0, cpu, 2 threads`. */
export async function describeOnnx(options: RuntimeOptions): Promise<string> {
  const builder = new GraphBuilder();
  const graph = builder.finish({ output: builder.relu(builder.input('input', [1])) });
  const session = await openSession(() => emitOnnx(graph, standard), options);
  await session.release();
  return describeSession(session.provider, options.threads);
}
