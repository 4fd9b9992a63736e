import { z } from 'zod';
import { DomainError } from '../errors.ts';
import type { FamilyDefinition } from './family.ts';

/** One input of a parameter form. Numbers carry bounds; `integer` forbids fractions. */
export type ParameterField = {
  readonly name: string;
  readonly title: string;
  readonly help: string;
} & (
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly integer: boolean;
    }
  | { readonly kind: 'boolean'; readonly default: boolean }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly choices: readonly string[];
    }
);

interface JsonProperty {
  type?: string;
  enum?: string[];
  default?: unknown;
  title?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** The fields of a family's parameter schema, in its order. @throws Error if a field has no default or an unsupported type. */
export function parameterFields(definition: FamilyDefinition): ParameterField[] {
  const schema = z.toJSONSchema(definition.parameters, { io: 'input' }) as {
    properties?: Record<string, JsonProperty>;
  };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const label = {
      name,
      title: property.title ?? name,
      help: property.description ?? '',
    };
    if (property.enum)
      return {
        ...label,
        kind: 'choice',
        default: String(property.default),
        choices: property.enum,
      };
    if (property.type === 'boolean') return { ...label, kind: 'boolean', default: Boolean(property.default) };
    if ((property.type === 'number' || property.type === 'integer') && typeof property.default === 'number') {
      const bound = (value: number | undefined) =>
        value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
      return {
        ...label,
        kind: 'number',
        default: property.default,
        minimum: bound(property.minimum ?? property.exclusiveMinimum),
        maximum: bound(property.maximum ?? property.exclusiveMaximum),
        integer: property.type === 'integer',
      };
    }
    throw new Error(`${definition.id}.${name}: a parameter is a number, boolean or choice with a default`);
  });
}

/**
 * Checks what a user set for one family and fills in the defaults.
 * @throws DomainError INVALID_INPUT naming the family, the parameter, what was expected and what came.
 */
export function resolveParameters(
  definition: FamilyDefinition,
  given: Record<string, unknown>,
): Record<string, number | boolean | string> {
  const known = Object.keys(definition.parameters.shape);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      `${definition.id} has no parameter "${unknown}"; it has ${known.join(', ')}`,
      {
        field: `parameters.${definition.id}.${unknown}`,
      },
    );
  }
  const parsed = definition.parameters.safeParse(given);
  if (parsed.success) return parsed.data as Record<string, number | boolean | string>;
  const issue = parsed.error.issues[0]!;
  // A rule over several parameters has no path of its own.
  const name = issue.path.length > 0 ? `.${String(issue.path[0])}` : '';
  const came = issue.path.length > 0 ? given[String(issue.path[0])] : given;
  throw new DomainError('INVALID_INPUT', `${definition.id}${name}: ${issue.message}, got ${JSON.stringify(came)}`, {
    field: `parameters.${definition.id}${name}`,
  });
}
