import { acceptUploadInput, readUploadInput, uploadFileInput, uploadIdInput } from '../contracts/uploads.ts';
import {
  acceptUpload,
  beginUpload,
  discardUpload,
  getUpload,
  readUpload,
  removeUploadedFile,
} from '../services/uploads/uploads.ts';
import { procedure, router } from './trpc.ts';

export const uploadsRouter = router({
  begin: procedure.mutation(({ ctx }) => beginUpload(ctx)),
  get: procedure.input(uploadIdInput).query(({ ctx, input }) => getUpload(ctx, input)),
  read: procedure.input(readUploadInput).mutation(({ ctx, input }) => readUpload(ctx, input)),
  removeFile: procedure.input(uploadFileInput).mutation(({ ctx, input }) => removeUploadedFile(ctx, input)),
  accept: procedure.input(acceptUploadInput).mutation(({ ctx, input }) => acceptUpload(ctx, input)),
  discard: procedure.input(uploadIdInput).mutation(({ ctx, input }) => discardUpload(ctx, input)),
});
