import { addPersonInput, setRoleInput, userIdInput } from '../contracts/people.ts';
import { addPerson } from '../services/addPerson.ts';
import { deactivatePerson } from '../services/deactivatePerson.ts';
import { listPeople } from '../services/listPeople.ts';
import { reactivatePerson } from '../services/reactivatePerson.ts';
import { renewPasswordLink } from '../services/renewPasswordLink.ts';
import { setRole } from '../services/setRole.ts';
import { procedure, router } from './trpc.ts';

export const peopleRouter = router({
  list: procedure.query(({ ctx }) => listPeople(ctx)),
  /** The answer holds the link, shown once. */
  add: procedure.input(addPersonInput).mutation(({ ctx, input }) => addPerson(ctx, input)),
  setRole: procedure.input(setRoleInput).mutation(({ ctx, input }) => setRole(ctx, input)),
  deactivate: procedure.input(userIdInput).mutation(({ ctx, input }) => deactivatePerson(ctx, input)),
  reactivate: procedure.input(userIdInput).mutation(({ ctx, input }) => reactivatePerson(ctx, input)),
  renewPasswordLink: procedure.input(userIdInput).mutation(({ ctx, input }) => renewPasswordLink(ctx, input)),
});
