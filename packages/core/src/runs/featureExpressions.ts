import { z } from 'zod';

/** Letters, digits and underscores, since LightGBM's model text takes no others; one that begins with _ is a step of others. */
export const featureExpressionSchema = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a feature is named by letters, digits and underscores, a digit not first'),
  expression: z.string().trim().min(1, 'an SQL expression is needed').max(2000),
});
export type FeatureExpression = z.infer<typeof featureExpressionSchema>;

/** The list that an object of expressions by name stands for, as `--feature-config` has it. */
export const featuresByName = (value: object): FeatureExpression[] =>
  Object.entries(value).map(([name, expression]) => ({ name, expression }));

/** As `--feature-config` takes them: JSON of the expressions by name. */
export const featureConfigJson = (features: readonly FeatureExpression[]): string =>
  JSON.stringify(Object.fromEntries(features.map(({ name, expression }) => [name, expression])), null, 2);

/**
 * A list, because one may name those before it, and a database forgets the order of an object's keys. An object is taken as
 * well: files and earlier runs have one.
 */
export const featureExpressionsSchema = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? featuresByName(value) : value),
  z
    .array(featureExpressionSchema)
    .max(500)
    .superRefine((features, context) => {
      // DuckDB's names have no case.
      const seen = new Set<string>();
      features.forEach(({ name }, index) => {
        if (seen.has(name.toLowerCase()))
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `another feature is named ${name} already`,
          });
        seen.add(name.toLowerCase());
      });
    }),
);
