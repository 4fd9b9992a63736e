import { type Database, reasonOf } from '../database.ts';
import { readColumns } from '../datasetWriter.ts';
import type { RowsByBar } from '../crossSection.ts';
import { crossSectionalRank } from '../crossSectionalRank.ts';
import { FeatureFile } from '../featureFile.ts';
import type { LoadedBars } from '../loadBars.ts';
import { robustZScore } from '../robustZScore.ts';
import { basicFeatureQuery } from './basic.ts';
import type { FeaturePlan } from './planFeatures.ts';
import { refuse } from './userFeature.ts';
import { writeAlpha158 } from './writeAlpha158.ts';

/**
 * Computes the planned features over the table `bars` and writes them, column after column, as float32; then normalises each
 * across the symbols of every bar. Memory: one float32 column, and the float64 columns that `readColumns` holds.
 * @param byBar the rows of each bar; null: not normalised
 * @param visit sees every column as it stays, in order
 * @throws DomainError CANCELLED; INVALID_INPUT for a user's feature that cannot be computed on these data
 */
export async function writeFeatures(
  db: Database,
  path: string,
  plan: FeaturePlan,
  loaded: LoadedBars,
  firstRow: Uint32Array,
  rows: number,
  byBar: RowsByBar | null,
  visit: (values: Float32Array) => void,
): Promise<void> {
  const file = await FeatureFile.create(path, plan.names.length, rows);
  try {
    let column = 0;
    const write = async (source: string, columns: readonly string[]) => {
      await readColumns(db, source, columns, rows, firstRow, (values) =>
        file.write(column++, 0, Float32Array.from(values)),
      );
    };
    if (plan.alpha.length > 0) await writeAlpha158(db, file, plan.alpha, column, loaded.vwap ? 'w' : null);
    column += plan.alpha.length;
    if (plan.basic.length > 0) {
      await db.run(`CREATE TABLE basic AS ${basicFeatureQuery(plan.basic)}`);
      await write(
        'basic',
        plan.basic.map((_, i) => `f${i}`),
      );
      await db.run('DROP TABLE basic');
    }
    await write(
      'bars',
      loaded.extras.map((_, i) => `x${i}`),
    );
    for (const { name, query } of plan.user) {
      await write(`(${query})`, ['value']).catch((error) => {
        db.checkCancelled();
        return refuse(name, reasonOf(error));
      });
    }
    await file.revise((values) => {
      db.checkCancelled();
      if (byBar) (plan.normalisation === 'rank' ? crossSectionalRank : robustZScore)(values, byBar);
      visit(values);
      return byBar !== null;
    });
  } finally {
    await file.close();
  }
}
