import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './builder.ts';
import { lower } from './lower.ts';

const refusals: [string, (g: GraphBuilder) => unknown, RegExp][] = [
  ['shapes that do not broadcast', (g) => g.add(g.input('a', [2, 3]), g.input('b', [2])), /add .*\[2, 3\] and \[2\]/],
  ['an inner length that differs', (g) => g.matmul(g.input('a', [2, 3]), g.input('b', [2, 3])), /equal inner lengths/],
  ['batch axes that differ', (g) => g.matmul(g.input('a', [2, 3, 3]), g.input('b', [1, 3, 3])), /equal batch axes/],
  [
    'an addend of another width',
    (g) => g.linear(g.input('x', [2, 3]), g.input('w', [4, 3]), g.input('b', [3])),
    /addend/,
  ],
  ['a reshape to another size', (g) => g.reshape(g.input('a', [2, 3]), [4]), /as many elements/],
  ['a permutation with an axis twice', (g) => g.transpose(g.input('a', [2, 3]), [0, 0]), /permutation/],
  ['a slice beyond the end', (g) => g.slice(g.input('a', [2, 3]), 1, 2, 5), /bounds within \[2, 3\]/],
  ['pieces that do not add up', (g) => g.split(g.input('a', [5]), 0, [2, 2]), /add up to axis 0 of \[5\]/],
  ['a concat of other rows', (g) => g.concat([g.input('a', [2, 3]), g.input('b', [1, 3])], 1), /along axis 1 only/],
  ['a broadcast that shrinks', (g) => g.broadcast(g.input('a', [2, 3]), [1, 3]), /broadcasts to \[1, 3\]/],
  ['an axis that is not there', (g) => g.reduceSum(g.input('a', [2]), [1]), /ascending axes of \[2\]/],
  ['data of another length', (g) => g.constant([2], Float32Array.of(1, 2, 3)), /data of \[2\]/],
  ['a length of zero', (g) => g.input('a', [0, 2]), /positive integers/],
  [
    'LSTM weights for other features',
    (g) => g.lstm(g.input('x', [3, 2, 5]), g.input('wi', [8, 4]), g.input('wh', [8, 2]), g.input('b', [8]), 'last'),
    /input weights \[4H, F\]/,
  ],
];

describe('GraphBuilder', () => {
  it.each(refusals)('refuses %s', (_, build, message) => {
    expect(() => build(new GraphBuilder())).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(() => build(new GraphBuilder())).toThrow(message);
  });

  it('refuses a second input of one name, and an output of another builder', () => {
    const builder = new GraphBuilder();
    const a = builder.input('a', [1]);
    expect(() => builder.input('a', [1])).toThrow(/"a" is declared twice/);
    expect(() => new GraphBuilder().finish({ a: builder.exp(a) })).toThrow(/another builder/);
  });

  it('finds equal nodes again, and tells 0 from -0', () => {
    const builder = new GraphBuilder();
    const a = builder.input('a', [2]);
    expect(builder.exp(a)).toBe(builder.exp(a));
    expect(builder.fill([], 0)).not.toBe(builder.fill([], -0));
    expect(builder.fill([], Number.NaN)).not.toBe(builder.fill([], Number.POSITIVE_INFINITY));
  });

  it('leaves out what no output needs, but keeps every input', () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.input('a', [2]), builder.input('b', [2])];
    builder.exp(b);
    const graph = builder.finish({ y: builder.tanh(a) });
    expect(graph.nodes.map((node) => node.operator.kind)).toEqual(['input', 'input', 'tanh']);
    expect([...graph.inputs.keys()]).toEqual(['a', 'b']);
  });
});

describe('lower', () => {
  const graph = () => {
    const g = new GraphBuilder();
    const weights = [g.input('wi', [8, 3]), g.input('wh', [8, 2]), g.input('b', [8])] as const;
    return g.finish({ y: g.lstm(g.input('x', [4, 5, 3]), ...weights, 'last') });
  };

  it('leaves no composite operator, but those asked for', () => {
    const kinds = (nodes: readonly { operator: { kind: string } }[]) => nodes.map((node) => node.operator.kind);
    expect(kinds(lower(graph()).nodes)).not.toContain('lstm');
    expect(kinds(lower(graph(), ({ kind }) => kind === 'lstm').nodes)).toContain('lstm');
  });

  it('keeps the names and shapes of inputs and outputs', () => {
    const lowered = lower(graph());
    expect([...lowered.inputs.keys()]).toEqual(['wi', 'wh', 'b', 'x']);
    expect(lowered.outputs.get('y')!.shape).toEqual([5, 2]);
  });
});
