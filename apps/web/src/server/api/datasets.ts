import { datasetIdInput, registerDatasetInput } from '../contracts/datasets.ts';
import { browseInput } from '../contracts/uploads.ts';
import { browseDataRoots } from '../services/browseDataRoots.ts';
import { getDataset } from '../services/getDataset.ts';
import { listDatasets } from '../services/listDatasets.ts';
import { registerDataset } from '../services/registerDataset.ts';
import { procedure, router } from './trpc.ts';

export const datasetsRouter = router({
  list: procedure.query(({ ctx }) => listDatasets(ctx)),
  get: procedure.input(datasetIdInput).query(({ ctx, input }) => getDataset(ctx, input)),
  browse: procedure.input(browseInput).query(({ ctx, input }) => browseDataRoots(ctx, input)),
  register: procedure.input(registerDatasetInput).mutation(({ ctx, input }) => registerDataset(ctx, input)),
});
