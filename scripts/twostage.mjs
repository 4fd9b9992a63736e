#!/usr/bin/env node
// The command line of twostage: reads its TypeScript through tsx, in this one process.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19) || major > 22) {
  console.error(`error: twostage needs Node 20.19 or newer, below 23; this is ${process.versions.node}`);
  process.exit(2);
}
if (!existsSync(fileURLToPath(new URL('../node_modules/tsx', import.meta.url)))) {
  console.error('error: its packages are not installed yet; run `npm start` once, or `npm ci`');
  process.exit(2);
}
const { register } = await import('tsx/esm/api');
register();
await import('../apps/runner/src/cli/main.ts');
