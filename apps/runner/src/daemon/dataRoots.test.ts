import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertUnderDataRoots } from './dataRoots.ts';

let base: string;
let root: string;
const at = (...parts: string[]) => path.join(base, ...parts);
beforeAll(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'twostage-roots-'));
  root = at('root');
  for (const folder of ['root/market', 'root/linked', 'root-of-another', 'secret'])
    mkdirSync(at(folder), { recursive: true });
  for (const file of ['root/market/A.csv', 'secret/A.csv']) writeFileSync(at(file), '');
  symlinkSync(at('secret'), at('root/out'));
  symlinkSync(at('root/market'), at('root/inside'));
  symlinkSync(at('secret/A.csv'), at('root/linked/A.csv'));
  symlinkSync(root, at('alias'));
});
afterAll(() => rmSync(base, { recursive: true }));

it.each([
  ['a folder below a root', () => [root, at('root/market')]],
  ['the root itself', () => [at('root/market'), at('root/market')]],
  ['a link that stays inside', () => [root, at('root/inside')]],
  ['a root that is a link', () => [at('alias'), at('root/market')]],
  ['a folder below an aliased root', () => [root, at('alias/market')]],
])('allows %s', async (_what, paths) => {
  const [dataRoot, folder] = paths();
  await expect(assertUnderDataRoots(folder, [at('nowhere'), dataRoot])).resolves.toBeUndefined();
});

it.each([
  ['a folder elsewhere', () => at('secret')],
  ['a folder whose name begins like the root', () => at('root-of-another')],
  ['a way out by ..', () => `${root}/market/../../secret`],
  ['a link that leads out', () => at('root/out')],
  ['a file in it that is a link that leads out', () => at('root/linked')],
  ['a folder elsewhere that is not there', () => at('missing')],
  ['a relative folder', () => 'market'],
])('refuses %s', async (_what, folder) => {
  await expect(assertUnderDataRoots(folder(), [root])).rejects.toMatchObject({
    code: 'PATH_OUTSIDE_ROOTS',
    field: 'dataDir',
  });
});

it('says that a folder below a root is not there', async () => {
  await expect(assertUnderDataRoots(at('root/missing'), [root])).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `${at('root/missing')}: there is no such folder`,
  });
});
