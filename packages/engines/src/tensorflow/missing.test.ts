import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { loadTensorFlow } from './load.ts';
import { probe } from './probe.ts';

it('names the command that gets TensorFlow where its binding is missing', () => {
  // The package looks for its binding where this says.
  const require = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu'));
  const finder = require.resolve('@mapbox/node-pre-gyp');
  require(finder);
  require.cache[finder]!.exports = { find: () => '/nonexistent/tfjs_binding.node' };
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
