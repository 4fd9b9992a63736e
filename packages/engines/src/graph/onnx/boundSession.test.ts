import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../builder.ts';
import { BoundSession } from './boundSession.ts';
import { standard } from './dialect.ts';
import { emitOnnx } from './emit.ts';

/** y = 2 · x + z, [2, 3] each. */
function model(): Uint8Array {
  const builder = new GraphBuilder();
  const [x, z] = [builder.input('x', [2, 3]), builder.input('z', [2, 3])];
  return emitOnnx(builder.finish({ y: builder.add(builder.multiply(x, 2), z) }), standard);
}
const array = (...values: number[]) => ({ values: Float32Array.from(values), shape: [2, 3] });

describe('a session on arrays bound once', () => {
  it('reads and writes them in place, at each run as they are then', () => {
    const session = BoundSession.open(model(), 1);
    const [x, z, y] = [array(1, 2, 3, 4, 5, 6), array(0, 0, 0, 1, 1, 1), array(0, 0, 0, 0, 0, 0)];
    const run = session.bind({ x, z }, { y });
    run();
    expect([...y.values]).toEqual([2, 4, 6, 9, 11, 13]);
    x.values[0] = 10;
    run();
    expect([...y.values]).toEqual([20, 4, 6, 9, 11, 13]);
    session.release();
  });

  it('has runs whose outputs are inputs of each other', () => {
    const session = BoundSession.open(model(), 1);
    const [x, one, other] = [array(1, 1, 1, 1, 1, 1), array(0, 0, 0, 0, 0, 0), array(0, 0, 0, 0, 0, 0)];
    const runs = [session.bind({ x, z: one }, { y: other }), session.bind({ x, z: other }, { y: one })];
    for (let i = 0; i < 10; i++) runs[i % 2]!();
    expect([...one.values]).toEqual([20, 20, 20, 20, 20, 20]);
    session.release();
  });

  it('leaves nothing to the garbage collector', () => {
    const session = BoundSession.open(model(), 1);
    const run = session.bind(
      { x: array(1, 2, 3, 4, 5, 6), z: array(1, 2, 3, 4, 5, 6) },
      { y: array(0, 0, 0, 0, 0, 0) },
    );
    run();
    const { arrayBuffers } = process.memoryUsage();
    for (let i = 0; i < 5000; i++) run();
    expect(process.memoryUsage().arrayBuffers).toBe(arrayBuffers);
    session.release();
  });

  it('says what is wrong with a model, an array or a call too late', () => {
    expect(() => BoundSession.open(new Uint8Array([1, 2, 3]), 1)).toThrow(/^ONNX Runtime refused the model: /);
    const session = BoundSession.open(model(), 1);
    const z = array(0, 0, 0, 0, 0, 0);
    const wide = { values: new Float32Array(8), shape: [2, 4] };
    expect(session.bind({ x: wide, z }, { y: z })).toThrow(/^ONNX Runtime failed: .*invalid dimensions/i);
    expect(session.bind({ nothing: z, z }, { y: z })).toThrow(/^ONNX Runtime failed: .*nothing/i);
    const short = { values: new Float32Array(5), shape: [2, 3] };
    expect(() => session.bind({ x: short, z }, { y: z })).toThrow(/^ONNX Runtime refused an array: /);
    const run = session.bind({ x: z, z }, { y: array(0, 0, 0, 0, 0, 0) });
    session.release();
    session.release();
    expect(run).toThrow('ONNX Runtime: the session is closed');
  });
});
