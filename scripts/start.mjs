/**
 * `npm start`: from a clean clone to a running product. Installs, finds the native engines, starts PostgreSQL (or uses
 * DATABASE_URL), migrates, builds, starts the web server and one runner, and prints where it is. Ctrl-C ends every process.
 *
 *   npm start -- [--port N] [--host ADDRESS] [--no-demo]
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { supervise } from './processes.mjs';
import { buildWeb, checkNode, generateClient, installPackages, provisionEngines } from './setup.mjs';
import { home, logs, root, step } from './steps.mjs';

const startedMs = Date.now();
const running = [];
let stopping = null;

async function main() {
  const options = readOptions();
  checkNode();
  // A terminal that was closed takes no more lines; what runs is still to be stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));

  mkdirSync(path.join(home, 'data'), { recursive: true });

  await installPackages();
  await provisionEngines();
  await generateClient();
  const { register } = await import('tsx/esm/api');
  register();
  const database = await step('PostgreSQL', async (say) => {
    const { openDatabase } = await import('../prisma/src/postgres.ts');
    const opened = await openDatabase({ home, databaseUrl: process.env.DATABASE_URL, log: say });
    running.push({ stop: () => opened.stop() });
    return opened;
  });
  await buildWeb();
  const secrets = readSecrets();
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    TWOSTAGE_HOME: home,
    BETTER_AUTH_SECRET: secrets.auth,
  };
  const first = await step('Database and sample data', () => bootstrap(env, options.demo));
  const url = await step('Web server', () => startWeb(env, options));
  running.unshift(supervise('runner', 'apps/runner/src/cli/main.ts', ['daemon'], env));
  greet(url, first);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: process.env.PORT ?? '3000' },
        host: { type: 'string', default: process.env.HOST ?? '127.0.0.1' },
        'no-demo': { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`--port is a number from 1 to 65535, got "${values.port}"`);
    return { port, host: values.host, demo: !values['no-demo'] };
  } catch (error) {
    throw new Error(`${error.message}\nusage: npm start -- [--port N] [--host ADDRESS] [--no-demo]`);
  }
}

/** Made once an installation; sessions outlive a restart. */
function readSecrets() {
  const file = path.join(home, 'secrets.json');
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ auth: randomBytes(32).toString('hex') }), { mode: 0o600 });
  const secrets = JSON.parse(readFileSync(file, 'utf8'));
  return { auth: process.env.BETTER_AUTH_SECRET ?? secrets.auth };
}

/** Migrates, and on the very first start lays out the sample dataset and queues the demo run. */
function bootstrap(env, demo) {
  return new Promise((resolve, reject) => {
    const args = [
      '--import',
      'tsx',
      path.join(root, 'apps/runner/src/daemon/bootstrap.ts'),
      ...(demo ? [] : ['--no-demo']),
    ];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    child.on('exit', (code) => {
      if (code !== 0) reject(new Error(errors.trim() || `the database set-up ended with exit code ${code}`));
      else resolve(JSON.parse(output.trim().split('\n').at(-1)));
    });
  });
}

/** @returns the address, once the server answers. */
function startWeb(env, { port, host }) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the web server was not ready within 60 s; see ${path.join(logs, 'web.log')}`)),
      60_000,
    );
    const web = supervise('web', 'apps/web/server.ts', [], { ...env, PORT: String(port), HOST: host }, (line) => {
      const address = line.match(/^ready (http\S+)/)?.[1];
      if (address) {
        clearTimeout(timer);
        resolve(address);
      } else if (/port \d+ is taken/i.test(line)) console.log(`\n  ${line.trim()}`);
    });
    running.unshift(web);
  });
}

function greet(url, first) {
  const lines = [
    '',
    `  twostage is running (${((Date.now() - startedMs) / 1000).toFixed(0)} s)`,
    '',
    `  Address   ${url}`,
  ];
  if (first.setupToken)
    lines.push(
      `  First sign-in, one-time link that makes you the admin:`,
      `            ${url}/setup?token=${first.setupToken}`,
    );
  lines.push(
    `  Data      put folders of CSV or Parquet under ${path.join(home, 'data')}`,
    `  Logs      ${logs}`,
    '',
    '  Ctrl-C ends every process.',
    '',
  );
  console.log(lines.join('\n'));
}

/** Runner, then web, then database. A second Ctrl-C does not wait. */
function stop(code) {
  if (stopping) process.exit(code);
  stopping = (async () => {
    if (running.length > 0) console.log('\nStopping …');
    for (const part of running) {
      try {
        await part.stop();
      } catch (error) {
        console.error(error.message);
      }
    }
    process.exit(code === 130 || code === 143 ? 0 : code);
  })();
  return stopping;
}

await main().catch(async (error) => {
  console.error(`\n${error.message}`);
  await stop(1);
});
