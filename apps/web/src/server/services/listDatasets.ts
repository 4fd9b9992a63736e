import type { DatasetList } from '../contracts/datasets.ts';
import { demand, type ServiceContext } from './context.ts';
import { datasetRowInclude, toDatasetRow } from './datasetRows.ts';

/** Every dataset by name, and where a new one may lie. */
export async function listDatasets(context: ServiceContext): Promise<DatasetList> {
  demand(context.actor, { kind: 'run.read' });
  const datasets = await context.prisma.dataset.findMany({
    where: { accepted: true },
    orderBy: { name: 'asc' },
    include: datasetRowInclude,
  });
  return { datasets: datasets.map(toDatasetRow), dataRoots: [...context.dataRoots] };
}
