import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BadInput, good, header, lines, long, refusesBadInput } from '../testing/badInput.ts';

refusesBadInput('files and folders', [
  {
    what: 'a folder that is not there',
    input: { dataDir: 'nowhere/at/all' },
    code: 'NOT_FOUND',
    message: /\/nowhere\/at\/all: there is no such folder$/,
    field: 'dataDir',
  },
  {
    what: 'an empty folder',
    files: {},
    code: 'EMPTY_FOLDER',
    message: /: holds no \.csv, \.tsv, \.csv\.gz or \.parquet file, one a symbol$/,
  },
  {
    what: 'a folder of other files',
    files: { 'README.md': '# hello', 'notes.txt': 'x', '.hidden.csv': good },
    code: 'EMPTY_FOLDER',
    message: /holds no \.csv, \.tsv, \.csv\.gz or \.parquet file/,
  },
  {
    what: 'an empty file',
    files: { 'AAA.csv': '' },
    code: 'BAD_FILE',
    message: /^AAA\.csv: is empty; a header line is expected$/,
  },
  {
    what: 'a gzip file that is none',
    files: { 'AAA.csv.gz': good },
    code: 'BAD_FILE',
    message: /^AAA\.csv\.gz: is no gzip file, or a broken one$/,
  },
  {
    what: 'a gzip file that is cut off',
    files: { 'AAA.csv.gz': gzipSync(long).subarray(0, -2000) },
    code: 'BAD_FILE',
    message: /^AAA\.csv\.gz: /,
  },
  {
    what: 'a gzip bomb: gigabytes of one line',
    files: { 'AAA.csv.gz': gzipSync(Buffer.alloc(1 << 28, 0x61)) },
    code: 'BAD_FILE',
    message: /^AAA\.csv\.gz, line 1: the header is longer than \d+ bytes$/,
  },
  {
    what: 'a gzip bomb: a line without an end after the header',
    files: { 'AAA.csv.gz': gzipSync(Buffer.concat([Buffer.from(good), Buffer.alloc(1 << 28, 0x61)])) },
    code: 'BAD_FILE',
    message: /^AAA\.csv\.gz, line \d+: /,
  },
  {
    what: 'a symbol twice, compressed and not',
    files: { 'AAA.csv.gz': gzipSync(good), 'AAA.csv': good },
    code: 'BAD_FILE',
    message: /: AAA\.csv and AAA\.csv\.gz both hold the symbol AAA; keep one$/,
  },
  {
    what: 'a header without rows',
    files: { 'AAA.csv': good, 'BBB.csv': `${lines[0]}\n` },
    code: 'BAD_FILE',
    message: /^BBB\.csv: holds no rows$/,
  },
  {
    what: 'pieces without rows',
    files: { 'AAA/1.csv': `${header}\n`, 'AAA/2.csv': `${header}\n` },
    code: 'BAD_FILE',
    message: /^AAA\/1\.csv and 1 more: holds no rows$/,
  },
  {
    what: 'a long file without rows',
    files: { 'prices.csv': `${header},Ticker\n` },
    code: 'BAD_FILE',
    message: /^prices\.csv: holds no rows$/,
  },
  {
    what: 'a file where a folder is expected',
    files: { 'AAA.csv': good },
    input: { dataDir: 'AAA.csv' },
    code: 'NOT_FOUND',
    message: /AAA\.csv: is a file; a folder of CSV or Parquet files is expected$/,
    field: 'dataDir',
  },
  {
    what: 'a link to nothing',
    files: { 'AAA.csv': good },
    setUp: async (dataDir) => symlinkSync('gone.csv', join(dataDir, 'BBB.csv')),
    code: 'BAD_FILE',
    message: /^BBB\.csv: a link that leads nowhere$/,
  },
  {
    what: 'a link to itself',
    setUp: async (dataDir) => symlinkSync('AAA.csv', join(dataDir, 'AAA.csv')),
    code: 'BAD_FILE',
    message: /^AAA\.csv: a link that leads nowhere$/,
  },
  {
    what: 'a link out of the folder',
    files: { 'AAA.csv': good },
    setUp: async (dataDir) => {
      mkdirSync(join(dataDir, '..', 'market-of-others'));
      writeFileSync(join(dataDir, '..', 'market-of-others', 'BBB.csv'), good);
      symlinkSync('../market-of-others/BBB.csv', join(dataDir, 'BBB.csv'));
    },
    code: 'BAD_FILE',
    message: /^BBB\.csv: a link that leads out of the data folder$/,
  },
  {
    what: 'a link out of a folder within',
    files: { 'AAA/1.csv': good },
    setUp: async (dataDir) => symlinkSync('/etc/passwd', join(dataDir, 'AAA', '2.csv')),
    code: 'BAD_FILE',
    message: /^AAA\/2\.csv: a link that leads out of the data folder$/,
  },
  // Permissions do not hold root back.
  ...(process.getuid?.() === 0
    ? []
    : ([
        {
          what: 'a folder without read permission',
          files: { 'AAA/1.csv': good },
          setUp: async (dataDir) => chmodSync(join(dataDir, 'AAA'), 0),
          code: 'NOT_FOUND',
          message: /\/AAA: cannot be read \(EACCES\)$/,
        },
        {
          what: 'a file without read permission',
          files: { 'AAA.csv': good },
          setUp: async (dataDir) => chmodSync(join(dataDir, 'AAA.csv'), 0),
          code: 'BAD_FILE',
          message: /^AAA\.csv: cannot be read \(EACCES\)$/,
        },
      ] satisfies BadInput[])),
]);
