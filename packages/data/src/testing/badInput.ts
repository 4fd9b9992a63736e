import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, type ErrorCode } from '@twostage/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrepareDatasetInput } from '../prepareDataset.ts';
import { plainCsv, prepare, temporaryFolder, writeFiles } from './folders.ts';

/** A data folder that cannot be used, and the one line that says why. */
export interface BadInput {
  readonly what: string;
  /** By path in the data folder. */
  readonly files?: Record<string, string | Uint8Array>;
  readonly setUp?: (dataDir: string) => Promise<void>;
  /** `dataDir` and `outputDir` are relative to the data folder. */
  readonly input?: Partial<PrepareDatasetInput>;
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly field?: string;
}

/** A plain file of 150 daily bars, and its pieces. */
export const good = plainCsv(150);
export const lines = good.trimEnd().split('\n');
export const header = lines[0]!;
/** More than is read of a file before its rows. */
export const long = plainCsv(4000);

export const csvOf = (rows: readonly string[], head = header): string => `${[head, ...rows].join('\n')}\n`;
/** The rows of `good` with a last column. */
export const named = (symbol: string): string[] => lines.slice(1).map((line) => `${line},${symbol}`);
export const timed = (times: readonly string[]): string =>
  csvOf(
    times.map((time, i) => `${time},${100 + i}`),
    'ts,close',
  );
/** `good` with one line (1-based, as an editor counts) replaced. */
export const withLine = (line: number, text: string): string =>
  `${lines.map((each, i) => (i === line - 1 ? text : each)).join('\n')}\n`;

/** A test a row: the error is a DomainError of one line, and nothing is left behind. */
export function refusesBadInput(noun: string, table: readonly BadInput[]): void {
  describe(`bad ${noun}: one clear line, and nothing is left behind`, () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let dataDir: string;

    beforeEach(() => {
      folder = temporaryFolder();
      dataDir = join(folder.path, 'market');
      mkdirSync(dataDir);
    });
    afterEach(() => folder.remove());

    it.each(table.map((each) => [each.what, each] as const))('%s', async (_, each) => {
      writeFiles(dataDir, each.files ?? {});
      await each.setUp?.(dataDir);
      const before = readdirSync(folder.path).sort();
      const outputDir = each.input?.outputDir ? join(dataDir, each.input.outputDir) : join(folder.path, 'out');
      const given = join(dataDir, each.input?.dataDir ?? '.');
      const error = await prepare(dataDir, outputDir, { ...each.input, dataDir: given, outputDir }).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DomainError);
      const { code, message, field } = error as DomainError;
      expect({ code, message }).toEqual({ code: each.code, message: expect.stringMatching(each.message) });
      expect(message).not.toContain('\n');
      if (each.field !== undefined) expect(field).toBe(each.field);
      expect(existsSync(join(folder.path, 'out'))).toBe(false);
      expect(readdirSync(folder.path).sort()).toEqual(before);
    });
  });
}
