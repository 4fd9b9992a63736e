/**
 * `npm run bench [-- NAME …]`: the benchmarks of speed in `bench/`, one after another. Each prints ratios against a peer measured in
 * the same run; PYTHON names the interpreter that has the peers (lightgbm, torch, tensorflow). How good the families are is
 * measured by `npm run bench:families`.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './steps.mjs';

const available = readdirSync(path.join(root, 'bench'))
  .filter((file) => file.endsWith('.ts') && !['stack.ts', 'families.ts', 'vitest.config.ts'].includes(file))
  .map((file) => file.replace(/\.ts$/, ''));
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !available.includes(name));
if (unknown) {
  console.error(`no benchmark "${unknown}"; there are ${available.join(', ')}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : available) {
  console.log(`\n── ${name} ──`);
  try {
    await run(`bench-${name}`, process.execPath, ['--import', 'tsx', path.join('bench', `${name}.ts`)], { show: true });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
