import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../database.ts';
import { basicFeatureQuery, basicFeatures } from './basic.ts';
import { loadBars } from '../loadBars.ts';
import { openSource } from '../openSource.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/features.json', import.meta.url), 'utf8')) as {
  features: Record<string, (number | null)[]>;
};

/** Worst difference, relative to 1 or to the expected value where that is larger; a hole on one side only is infinite. */
function worstDifference(actual: readonly unknown[], expected: readonly (number | null)[]): number {
  return Math.max(
    ...expected.map((value, i) => {
      const got = typeof actual[i] === 'number' && Number.isFinite(actual[i]) ? (actual[i] as number) : null;
      if (got === null || value === null) return got === value ? 0 : Number.POSITIVE_INFINITY;
      return Math.abs(got - value) / Math.max(1, Math.abs(value));
    }),
  );
}

describe('the basic features', () => {
  let directory: string;
  let rows: Record<string, unknown>[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'features-'));
    cpSync(fileURLToPath(new URL('../golden/GOLD.csv', import.meta.url)), join(directory, 'GOLD.csv'));
    const db = await Database.open({ threads: 1 });
    try {
      await loadBars(db, await openSource(db, directory));
      rows = await db.rows(`SELECT * FROM (${basicFeatureQuery(basicFeatures)}) ORDER BY sn`);
    } finally {
      db.close();
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are the ones that the reference computes', () => {
    expect(basicFeatures.map((feature) => feature.name).sort()).toEqual(Object.keys(golden.features).sort());
    expect(rows).toHaveLength(130);
  });

  it.each(basicFeatures.map((feature, i) => [feature.name, i] as const))('%s is what numpy computes', (name, i) => {
    const actual = rows.map((row) => row[`f${i}`]);
    expect(golden.features[name]!.filter((value) => value !== null).length).toBeGreaterThan(20);
    expect(worstDifference(actual, golden.features[name]!)).toBeLessThanOrEqual(1e-9);
  });
});
