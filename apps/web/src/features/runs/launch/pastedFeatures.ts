import { messageOf } from '@twostage/core/errors';
import { type FeatureExpression, featureExpressionsSchema } from '@twostage/core/runs/featureExpressions';

/** Rows of the form from the JSON of `--feature-config`, or why the text is none, in one line. */
export function readPastedFeatures(text: string): { features: FeatureExpression[] } | { error: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { error: `this is not JSON: ${messageOf(error)}` };
  }
  const parsed = featureExpressionsSchema.safeParse(json);
  if (parsed.success) return { features: parsed.data };
  const [issue] = parsed.error.issues;
  if (issue!.path.length === 0) return { error: 'an object is expected: {"name": "SQL expression", …}' };
  const name = Object.keys(json as object)[issue!.path[0] as number];
  return { error: `${name ?? `feature ${Number(issue!.path[0]) + 1}`}: ${issue!.message}` };
}
