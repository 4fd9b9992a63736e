/** What `npm start` and `npm test` both need: packages, native engines, the database client. Each step is skipped when done. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { progress, root, run, step } from './steps.mjs';

process.env.NEXT_TELEMETRY_DISABLED ??= '1';
process.env.TURBO_TELEMETRY_DISABLED ??= '1';
process.env.DO_NOT_TRACK ??= '1';
// onnxruntime-node's own install script downloads CUDA and fails an offline `npm ci`; npm before 11 runs it.
process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major >= 23 || major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node.js ${process.versions.node} is running; twostage needs 20.19 or later, below 23`);
  }
}

const fingerprint = (...files) => {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
};

/** Runs `work` unless the last time it ended well was for the very same `key`. */
async function once(marker, key, title, work) {
  const file = path.join(root, marker);
  if (existsSync(file) && readFileSync(file, 'utf8') === key) return;
  await step(title, work);
  writeFileSync(file, key);
}

export async function installPackages() {
  // The marker lies inside node_modules, so that it goes when they go.
  await once(
    'node_modules/.twostage-installed',
    fingerprint('package.json', 'package-lock.json'),
    'Installing packages',
    (say) =>
      run('install', npm, ['ci', '--no-audit', '--no-fund', '--loglevel=http'], {
        onLine: (line) => say(line.replace(/^npm http /, '').slice(0, 80)),
      }),
  );
}

export async function provisionEngines() {
  const { provisionAll } = await import('./provision.mjs');
  await step('Native engines', async (say) => {
    const engines = await provisionAll({ log: say });
    const missing = engines.filter((engine) => !engine.found);
    for (const engine of missing) progress.stream.write(`\n  ${engine.name} is missing: ${engine.how}\n`);
    return engines
      .map((engine) => `${engine.name} ${engine.found ? (engine.version ?? '') : 'missing'}`.trim())
      .join(', ');
  });
}

export async function generateClient() {
  await once(
    'node_modules/.twostage-prisma',
    fingerprint('prisma/schema.prisma', 'prisma/prisma.config.ts', 'package-lock.json') +
      existsSync(path.join(root, 'prisma/src/generated')),
    'Database client',
    () => turbo('generate', ['run', 'generate', '--filter=@twostage/prisma']),
  );
}

/** Built only when something it is made from has changed. */
export async function buildWeb() {
  await step('Building the web app', (say) => turbo('build', ['run', 'build', '--filter=@twostage/web'], say));
}

export const turbo = (name, args, say, options = {}) =>
  run(
    name,
    process.execPath,
    [path.join(root, 'node_modules/turbo/bin/turbo'), ...args, '--env-mode=loose', '--no-update-notifier'],
    { onLine: (line) => say?.(line.slice(0, 80)), ...options },
  );

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
