import { describe, expect, it } from 'vitest';
import { adamWDefaults, adamWHyper, adamWStep, clipByGlobalNorm } from './adamw.ts';
import { gradients } from './autodiff.ts';
import { GraphBuilder } from './builder.ts';
import golden from './golden/adamw.json' with { type: 'json' };
import { lower } from './lower.ts';
import { interpret } from './testing/interpreter.ts';

describe('AdamW', () => {
  it('takes the steps of torch.optim.AdamW, clipped as torch clips', () => {
    const builder = new GraphBuilder();
    const [parameters, firstMoment, secondMoment] = [
      builder.input('p', [4]),
      builder.input('m', [4]),
      builder.input('v', [4]),
    ];
    const target = builder.constant([4], Float32Array.from(golden.target));
    const loss = builder.reduceSum(builder.square(builder.subtract(parameters, target)));
    const [gradient] = gradients(builder, loss, [parameters]);
    const clipped = clipByGlobalNorm(builder, gradient!, 2);
    const operands = { parameters, firstMoment, secondMoment, gradient: clipped, hyper: builder.input('hyper', [3]) };
    const next = adamWStep(builder, operands, adamWDefaults);
    const graph = lower(builder.finish({ loss, p: next.parameters, m: next.firstMoment, v: next.secondMoment }));

    let state: Record<string, ArrayLike<number>> = { p: golden.start, m: [0, 0, 0, 0], v: [0, 0, 0, 0] };
    golden.steps.forEach((expected, i) => {
      const hyper = adamWHyper(i + 1, { ...adamWDefaults, learningRate: 0.05, weightDecay: 0.1 });
      const { loss: value, ...after } = interpret(graph, { ...state, hyper });
      expect(value![0]).toBeCloseTo(expected.loss, 5);
      expected.parameters.forEach((parameter, j) => {
        expect(after.p![j], `step ${i + 1}, parameter ${j}`).toBeCloseTo(parameter, 6);
      });
      state = after;
    });
  });
});
