import { expect, it } from 'vitest';
import { loadTensorFlow } from './load.ts';
import { probe } from './probe.ts';
import { hideTensorFlow } from './testing/hideTensorFlow.ts';

it('names the command that gets TensorFlow where its binding is missing', () => {
  hideTensorFlow();
  expect(() => loadTensorFlow()).toThrow(
    expect.objectContaining({
      code: 'ENGINE_MISSING',
      message: expect.stringMatching(
        /^native TensorFlow does not load \(.+\); get it with: node scripts\/provision\.mjs$/,
      ),
    }),
  );
  expect(probe()).toEqual({ found: false, how: expect.stringContaining('node scripts/provision.mjs') });
});
