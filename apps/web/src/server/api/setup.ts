import { createFirstAdminInput, setPasswordInput, tokenInput } from '../contracts/people.ts';
import { checkSetupToken, createFirstAdmin } from '../services/createFirstAdmin.ts';
import { ownerOfPasswordLink } from '../services/passwordLinks.ts';
import { setPassword } from '../services/setPassword.ts';
import { setupStatus } from '../services/setupStatus.ts';
import { openProcedure, router } from './trpc.ts';

/** For those who hold a one-time link. Afterwards they sign in with the address that comes back. */
export const setupRouter = router({
  status: openProcedure.query(({ ctx }) => setupStatus(ctx)),
  /** The page /setup asks on opening, with what stands after # in its address. A mutation, so that no address holds the token. */
  checkSetupLink: openProcedure.input(tokenInput).mutation(({ ctx, input }) => checkSetupToken(ctx, input)),
  createFirstAdmin: openProcedure
    .input(createFirstAdminInput)
    .mutation(({ ctx, input }) => createFirstAdmin(ctx, input)),
  /** The page /set-password asks on opening. */
  checkPasswordLink: openProcedure.input(tokenInput).mutation(async ({ ctx, input }) => {
    const { name, email } = await ownerOfPasswordLink(ctx.prisma, input.token);
    return { name, email };
  }),
  setPassword: openProcedure.input(setPasswordInput).mutation(({ ctx, input }) => setPassword(ctx, input)),
});
