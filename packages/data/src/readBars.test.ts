import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFolder } from './inspectFolder.ts';
import { plainCsv, temporaryFolder, writeFiles } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('the hash of the files', () => {
  const hashOf = async (symbols: string[] = []) => (await inspectFolder(folder.path, { symbols })).quality.contentHash;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('is over name, size and content of those that were read, in the order of their names', async () => {
    const files = { 'BBB/1.csv': plainCsv(40, 3), 'AAA/2.csv': plainCsv(60), 'AAA/10.csv': plainCsv(40) };
    writeFiles(folder.path, files);
    const lines = (names: (keyof typeof files)[]) =>
      names.map((name) => `${name}\n${files[name].length}\n${sha256(files[name])}\n`).join('');
    expect(await hashOf(['AAA'])).toBe(sha256(lines(['AAA/10.csv', 'AAA/2.csv'])));
  });

  it('changes with one byte and with a name, and not with what lies beside', async () => {
    writeFiles(folder.path, { 'AAA.csv': plainCsv(40), 'BBB.csv': plainCsv(40, 3) });
    const before = await hashOf();
    writeFiles(folder.path, { 'notes.txt': 'bought at the open' });
    expect(await hashOf()).toBe(before);
    writeFiles(folder.path, { 'AAA.csv': plainCsv(40).replace('1000', '1001') });
    const changed = await hashOf();
    expect(changed).not.toBe(before);
    renameSync(join(folder.path, 'AAA.csv'), join(folder.path, 'CCC.csv'));
    expect(await hashOf()).not.toBe(changed);
  });
});
