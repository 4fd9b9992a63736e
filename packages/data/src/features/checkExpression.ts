import { type Database, quoteText } from '../database.ts';
import { listed } from '../symbolNames.ts';
import { scalarFunctions, windowAggregates, windowTypes } from './expressionFunctions.ts';
import { childrenOf, type ExpressionNode, readParsed } from './expressionNodes.ts';
import { refuse } from './userFeature.ts';

export interface KnownColumns {
  /** Lower case */
  readonly columns: ReadonlySet<string>;
  /** Target columns of the files, which a feature may not see. */
  readonly targets: readonly string[];
}

const prefix = 'SELECT (\n';

/**
 * Parses an expression and holds every part of it against what a feature may do, before anything is computed.
 * @returns the windows it names, as SQL after FROM
 * @throws DomainError INVALID_INPUT
 */
export async function checkExpression(
  db: Database,
  name: string,
  expression: string,
  known: KnownColumns,
): Promise<string> {
  const windows = namedWindows(name, expression);
  const [row] = await db.rows<{ json: string }>(
    `SELECT json_serialize_sql(${quoteText(`${prefix}${expression}\n) FROM bars ${windows}`)}) AS json`,
  );
  const parsed = readParsed(row!.json);
  if (parsed.error) return refuse(name, parseError(expression, parsed.error_message, parsed.position));
  const node = parsed.statements[0]?.node;
  const plain =
    parsed.statements.length === 1 &&
    node?.type === 'SELECT_NODE' &&
    node.select_list?.length === 1 &&
    node.from_table?.type === 'BASE_TABLE' &&
    node.from_table.table_name === 'bars' &&
    node.modifiers?.length === 0 &&
    ['where_clause', 'having', 'qualify', 'sample'].every((clause) => node[clause] === null);
  if (!plain) return refuse(name, 'one expression is expected, not a query');
  checkNode(name, node.select_list![0]!, known);
  return windows;
}

/** `past`, and every w20 and the like that the text names. */
function namedWindows(name: string, expression: string): string {
  const lengths = new Set([...expression.matchAll(/\bw(\d+)\b/gi)].map((match) => Number(match[1])));
  const frames = [...lengths].map((bars) => {
    if (bars < 1 || bars > 100_000) refuse(name, `a window holds 1 to 100000 bars, w${bars} does not`);
    return `w${bars} AS (PARTITION BY symbol ORDER BY time ROWS BETWEEN ${bars - 1} PRECEDING AND CURRENT ROW)`;
  });
  return `WINDOW ${['past AS (PARTITION BY symbol ORDER BY time)', ...frames].join(', ')}`;
}

function parseError(expression: string, message: string, position: number | undefined): string {
  const window = /^window "(.*)" does not exist$/.exec(message)?.[1];
  if (window !== undefined)
    return `there is no window "${window}"; there are past (all bars so far) and w1, w2, w3 … (the last so many bars)`;
  const at = position === undefined ? Number.NaN : position - prefix.length;
  if (!(at >= 0 && at < expression.length)) return `${message}, at the end of "${expression}"`;
  return `${message} at character ${at + 1}: "${expression.slice(0, at)}▸${expression.slice(at)}"`;
}

function checkNode(name: string, node: ExpressionNode, known: KnownColumns): void {
  switch (node.class) {
    case 'COLUMN_REF':
      checkColumn(name, node.column_names ?? [], known);
      return;
    case 'FUNCTION':
      checkFunction(name, node.function_name ?? '');
      break;
    case 'WINDOW':
      checkWindow(name, node);
      break;
    case 'CONSTANT':
    case 'OPERATOR':
    case 'COMPARISON':
    case 'CONJUNCTION':
    case 'CASE':
    case 'CAST':
    case 'BETWEEN':
      break;
    default:
      refuse(name, `${node.class.toLowerCase().replaceAll('_', ' ')} is not something that a feature is made of`);
  }
  for (const child of childrenOf(node, ['partitions', 'orders'])) checkNode(name, child, known);
}

function checkColumn(name: string, path: readonly string[], { columns, targets }: KnownColumns): void {
  const column = path.at(-1) ?? '';
  if (path.length === 1 && columns.has(column.toLowerCase())) return;
  if (targets.some((target) => target.toLowerCase() === column.toLowerCase()))
    refuse(name, `"${column}" is a target, which looks at later bars`);
  refuse(name, `there is no column "${path.join('.')}"; there are ${listed([...columns].sort())}`);
}

function checkFunction(name: string, called: string): void {
  if (scalarFunctions.has(called)) return;
  if (windowAggregates.has(called))
    refuse(name, `${called}() needs a window, e.g. ${called}(close) OVER w20 for the last 20 bars`);
  refuse(name, `there is no function ${called}() for features`);
}

function checkWindow(name: string, node: ExpressionNode): void {
  const called = `${node.function_name ?? ''}()`;
  if (node.type === 'WINDOW_LEAD') refuse(name, `${called} looks at later bars; lag() looks back`);
  if (!windowTypes.has(node.type)) refuse(name, `${called} looks at the whole series, later bars too`);
  if (node.type === 'WINDOW_AGGREGATE' && !windowAggregates.has(node.function_name ?? ''))
    refuse(name, `there is no function ${called} over a window for features`);
  if (node.type === 'WINDOW_LAG' && node.offset_expr && !isWhole(node.offset_expr))
    refuse(name, 'how far lag() looks back is to be a whole number, 0 or more');
  checkFrame(name, node);
  const [partition, order] = [node.partitions ?? [], node.orders ?? []];
  const own = partition.length === 1 && isColumn(partition[0]!, 'symbol');
  const forwards = order.length === 1 && isColumn(order[0]!.expression, 'time') && !/DESC/.test(order[0]!.type);
  if (!own || !forwards)
    refuse(
      name,
      `the window of ${called} is to be PARTITION BY symbol ORDER BY time, as w20 (the last 20 bars) and past are`,
    );
}

function checkFrame(name: string, { start = '', end = '', start_expr, end_expr }: ExpressionNode): void {
  if (start.includes('FOLLOWING') || end.includes('FOLLOWING'))
    refuse(name, 'the window reaches FOLLOWING bars; a feature may use bars up to its own');
  for (const bound of [start_expr, end_expr])
    if (bound && !isWhole(bound)) refuse(name, 'a window’s frame is to be a whole number of PRECEDING rows');
}

const isColumn = ({ column_names }: ExpressionNode, column: string): boolean =>
  column_names?.length === 1 && column_names[0]!.toLowerCase() === column;

const isWhole = ({ class: kind, value }: ExpressionNode): boolean =>
  kind === 'CONSTANT' && typeof value?.value === 'number' && Number.isInteger(value.value) && value.value >= 0;
