import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatherRows } from '../src/boosting/matrix.ts';
import type { FittedModel, PredictInput } from '../src/trainer.ts';
import { temporaryFolder } from './fitting.ts';

const script = fileURLToPath(new URL('predict_saved.py', import.meta.url));

/** What Python's library predicts with the saved model, for the same rows. */
export async function pythonPredictions(
  python: string,
  library: 'lightgbm' | 'xgboost',
  model: FittedModel,
  { panel, rows }: PredictInput,
): Promise<Float64Array> {
  const folder = await temporaryFolder();
  await model.save(folder);
  const features = path.join(folder, 'features.f32');
  const out = path.join(folder, 'predictions.f64');
  await writeFile(features, gatherRows(panel, rows));
  const file = path.join(folder, library === 'lightgbm' ? 'model.txt' : 'model.json');
  const shape = [String(rows.length), String(panel.featureNames.length)];
  execFileSync(python, [script, library, file, features, ...shape, out]);
  const bytes = await readFile(out);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
