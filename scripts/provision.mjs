/**
 * Makes the native libraries of the engines available, each in the user's cache unless the machine has it already.
 * `node scripts/provision.mjs` prints a line an engine and exits 0 even where one is not to be had; `--strict` exits 1 then.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, currentPlatform } from '../packages/engines/src/native/locations.mjs';

export const engineNames = ['lightgbm', 'xgboost', 'tensorflow'];

/**
 * @param log receives one line a noteworthy step
 * @param names a part of `engineNames`
 * @returns per engine `{ name, found, path?, version?, how }`, in the order of `names`; never throws for an engine
 *   that is not to be had: `how` then is the command that gets it.
 */
export async function provisionAll({
  cacheDir = cacheDirectory(),
  platform = currentPlatform(),
  log = () => {},
  names = engineNames,
} = {}) {
  const results = [];
  for (const name of names) {
    try {
      const { ensure } = await import(`./provision/${name}.mjs`);
      results.push({ name, ...(await ensure({ cacheDir, platform, log })) });
    } catch (error) {
      results.push({ name, found: false, how: `node scripts/provision.mjs (failed: ${error.message})` });
    }
  }
  return results;
}

async function main() {
  const startedMs = Date.now();
  const results = await provisionAll({ log: (line) => console.log(`  ${line}`) });
  for (const { name, found, version, path: file, how } of results) {
    console.log(
      found ? `✓ ${name} ${version ?? ''} ${file ?? ''} [${how}]` : `✗ ${name} is missing; to get it: ${how}`,
    );
  }
  console.log(`${((Date.now() - startedMs) / 1000).toFixed(1)} s, cache ${cacheDirectory()}`);
  if (process.argv.includes('--strict') && results.some((result) => !result.found)) process.exitCode = 1;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
