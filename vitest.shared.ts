import { defineConfig } from 'vitest/config';

/** One setting for every workspace. The JSON report is what `npm test` counts. */
export default defineConfig({
  test: {
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/.next/**'],
    // Native libraries and child processes: a process a file, so that a crash is one file's and threads are not shared.
    pool: 'forks',
    maxWorkers: 2,
    // Against what hangs only: a busy machine is slow, not wrong.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
  },
});
