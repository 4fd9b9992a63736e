/**
 * `npm test`: everything, from a clean clone. Sets up what is missing, then lint, types, unit and integration tests (a real
 * PostgreSQL, real child processes) and browser tests against the product as `npm start` starts it. What has not changed
 * comes from the cache. `npm test -- --only unit|e2e|lint|types` runs one part.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildWeb, checkNode, generateClient, installPackages, provisionEngines, turbo } from './setup.mjs';
import { ensureChromium } from './chromium.mjs';
import { root, run, step } from './steps.mjs';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
const wanted = (part) => only === null || only === part;
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const failures = [];

/** A part that fails does not keep the others from telling what they found. */
async function part(name, title, work) {
  if (!wanted(name)) return;
  try {
    await step(title, work);
  } catch (error) {
    failures.push(title);
    console.log(`\n${error.message}\n`);
  }
}

async function main() {
  checkNode();
  await installPackages();
  await provisionEngines();
  await generateClient();

  await part('lint', 'Lint', () => run('lint', bin('biome'), ['ci', '.', '--colors=off', '--diagnostic-level=error']));
  await part('types', 'Types', (say) => turbo('types', ['run', 'typecheck', '--concurrency=2'], say));
  await part('unit', 'Unit and integration tests', (say) =>
    turbo('unit', ['run', 'test', '--concurrency=1', '--continue'], say),
  );
  if (wanted('unit')) for (const line of unitCounts().lines) console.log(`  ${line}`);
  if (wanted('e2e')) {
    await buildWeb();
    const chromium = await step('Browser for the tests', ensureChromium);
    await part('e2e', 'Browser tests', (say) =>
      run('e2e', bin('playwright'), ['test'], {
        cwd: path.join(root, 'e2e'),
        env: { CHROMIUM_PATH: chromium },
        onLine: (line) => say(line.slice(0, 80)),
      }),
    );
  }
  const counts = total(wanted('unit') ? unitCounts() : none, wanted('e2e') ? browserCounts() : none);
  if (failures.length > 0) console.log(`failed: ${failures.join(', ')}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = failures.length > 0 || counts.failed > 0 || (only === null && counts.passed === 0) ? 1 : 0;
}

const none = { passed: 0, failed: 0, skipped: 0, lines: [] };
const total = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/** Each workspace's vitest leaves `test-results/vitest.json`, which the task cache restores with the log. */
function unitCounts() {
  const counts = { passed: 0, failed: 0, skipped: 0, lines: [] };
  for (const workspace of [
    'packages/core',
    'packages/data',
    'packages/engines',
    'packages/families',
    'packages/figures',
    'prisma',
    'apps/runner',
    'apps/web',
    'bench',
  ]) {
    const file = path.join(root, workspace, 'test-results/vitest.json');
    if (!existsSync(file)) {
      counts.lines.push(`${workspace}: no result`);
      failures.push(`${workspace} (no test result)`);
      continue;
    }
    const result = JSON.parse(readFileSync(file, 'utf8'));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
    counts.skipped += result.numPendingTests + result.numTodoTests;
    counts.lines.push(`${workspace}: ${result.numPassedTests} passed, ${result.numFailedTests} failed`);
    for (const suite of result.testResults) {
      for (const test of suite.assertionResults) {
        if (test.status === 'failed')
          counts.lines.push(
            `  ✗ ${path.relative(root, suite.name)} › ${test.fullName}: ${test.failureMessages[0]?.split('\n')[0] ?? ''}`,
          );
      }
    }
  }
  return counts;
}

function browserCounts() {
  const file = path.join(root, 'e2e/test-results/playwright.json');
  if (!existsSync(file)) return none;
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

await main().catch((error) => {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});
