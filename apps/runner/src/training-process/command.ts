import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** How a training's process is started; the path of its job.json is appended. Tests put misbehaving programs in its place. */
export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
}

const resolve = createRequire(import.meta.url).resolve;

/** Node's flags to run TypeScript: tsx's ES-module loader alone, as its CommonJS half costs another 80 ms and nothing here needs it. */
export const typescriptLoader: readonly string[] = ['--import', pathToFileURL(resolve('tsx/esm')).href];

export const defaultChildCommand: ChildCommand = {
  file: process.execPath,
  args: [...typescriptLoader, fileURLToPath(new URL('./child.ts', import.meta.url))],
};
