import { createRequire } from 'node:module';

/** Makes native TensorFlow missing in this process; to be called before it loads. */
export function hideTensorFlow(): void {
  // TensorFlow's package looks for its binding where this says.
  const require = createRequire(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu'));
  const finder = require.resolve('@mapbox/node-pre-gyp');
  require(finder);
  require.cache[finder]!.exports = { find: () => '/nonexistent/tfjs_binding.node' };
}
