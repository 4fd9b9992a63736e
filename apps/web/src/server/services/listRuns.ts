import type { FamilyId } from '@twostage/core/families/family';
import { isCrossSectional } from '@twostage/core/stages/planStages';
import { families as catalogue } from '@twostage/families/catalogue';
import type { Prisma } from '@twostage/prisma/client';
import { type ListRunsInput, listRunsInput, type RunPage } from '../contracts/runs.ts';
import { demand, type ServiceContext } from './context.ts';
import { runRowSelect, toRunRow } from './runRows.ts';

/** A page of the runs that match, in the order asked for; equal keys by id, nulls last. */
export async function listRuns(context: ServiceContext, given: ListRunsInput): Promise<RunPage> {
  demand(context.actor, { kind: 'run.read' });
  const input = listRunsInput.parse(given);
  const where = whereOf(input);
  const key =
    input.sortBy === 'startedAt' || input.sortBy === 'endedAt'
      ? { [input.sortBy]: { sort: input.order, nulls: 'last' as const } }
      : { [input.sortBy]: input.order };
  const [found, total] = await Promise.all([
    context.prisma.run.findMany({
      where,
      select: runRowSelect,
      orderBy: [key, { id: input.order }],
      take: input.limit + 1,
      ...(input.cursor ? { cursor: { id: input.cursor }, skip: 1 } : {}),
    }),
    context.prisma.run.count({ where }),
  ]);
  const page = found.slice(0, input.limit);
  return {
    runs: page.map(toRunRow),
    nextCursor: found.length > input.limit ? page.at(-1)!.id : null,
    total,
  };
}

function whereOf(input: ReturnType<typeof listRunsInput.parse>): Prisma.RunWhereInput {
  const all: Prisma.RunWhereInput[] = [];
  if (input.text !== '') {
    const number = /^#?(\d{1,9})$/.exec(input.text)?.[1];
    const byName: Prisma.RunWhereInput = { name: { contains: literally(input.text), mode: 'insensitive' } };
    all.push(number === undefined ? byName : { OR: [byName, { number: Number(number) }] });
  }
  if (input.states.length > 0) all.push({ state: { in: input.states } });
  if (input.families.length > 0) all.push({ OR: input.families.flatMap(trains) });
  if (input.datasetId) all.push({ datasetId: input.datasetId });
  if (input.creatorId) all.push({ createdById: input.creatorId });
  if (input.createdAfter) all.push({ createdAt: { gte: input.createdAfter } });
  if (input.createdBefore) all.push({ createdAt: { lt: input.createdBefore } });
  return { AND: all };
}

/** Prisma hands wildcards of LIKE on as they are. */
const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** Named in the configuration, or part of its mode where the configuration names none. */
function trains(family: FamilyId): Prisma.RunWhereInput[] {
  const everyFamily: Prisma.RunWhereInput = { config: { path: ['families'], equals: [] } };
  const known = catalogue.find(({ id }) => id === family);
  const inEveryMode = known !== undefined && isCrossSectional(known);
  return [
    { config: { path: ['families'], array_contains: [family] } },
    inEveryMode
      ? everyFamily
      : { AND: [everyFamily, { NOT: { config: { path: ['modelTypes'], equals: 'cross-sectional' } } }] },
  ];
}
