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
  // A clean clone: what `npm start` does first. Standard output stays the command's own.
  const { progress } = await import('./steps.mjs');
  const { generateClient, installPackages, provisionEngines } = await import('./setup.mjs');
  progress.stream = process.stderr;
  try {
    await installPackages();
    await provisionEngines();
    await generateClient();
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(2);
  }
}
const { register } = await import('tsx/esm/api');
// The repository's own settings, wherever it is called from: a report is written in TSX.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.base.json', import.meta.url)) });
await import('../apps/runner/src/cli/main.ts');
