import { z } from 'zod';

/** What is read of a node of the tree that DuckDB's json_serialize_sql gives of an expression. */
export interface ExpressionNode {
  readonly class: string;
  readonly type: string;
  readonly function_name?: string;
  readonly column_names?: readonly string[];
  readonly partitions?: readonly ExpressionNode[];
  readonly orders?: readonly { readonly type: string; readonly expression: ExpressionNode }[];
  /** Of a window's frame, e.g. EXPR_PRECEDING_ROWS, CURRENT_ROW_RANGE, UNBOUNDED_FOLLOWING. */
  readonly start?: string;
  readonly end?: string;
  readonly start_expr?: ExpressionNode | null;
  readonly end_expr?: ExpressionNode | null;
  readonly offset_expr?: ExpressionNode | null;
  readonly value?: { readonly value?: unknown };
}

const parsedSchema = z.union([
  z.object({ error: z.literal(true), error_message: z.string(), position: z.coerce.number().optional() }),
  z.object({
    error: z.literal(false),
    statements: z.array(
      z.object({
        node: z.looseObject({
          type: z.string(),
          select_list: z.array(z.custom<ExpressionNode>()).optional(),
          from_table: z.looseObject({ type: z.string(), table_name: z.string().optional() }).optional(),
          modifiers: z.array(z.unknown()).optional(),
        }),
      }),
    ),
  }),
]);
type Parsed = z.infer<typeof parsedSchema>;

export const readParsed = (json: string): Parsed => parsedSchema.parse(JSON.parse(json));

/** Everything below a node that may hold expressions: objects with a class, however deep. */
export function childrenOf(node: ExpressionNode, without: readonly string[] = []): ExpressionNode[] {
  const found: ExpressionNode[] = [];
  const look = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if ('class' in value) found.push(value as ExpressionNode);
    else Object.values(value).forEach(look);
  };
  for (const [key, value] of Object.entries(node)) if (!without.includes(key)) look(value);
  return found;
}
