import { type Action, type Actor, may, type Role } from '@twostage/core/access/roles';
import { assertNever, DomainError } from '@twostage/core/errors';
import type { Database, Prisma, Transaction } from '@twostage/prisma/client';
import type { JobQueue } from '@twostage/prisma/queue';

/** What every service is given. Built once a request, after the session was checked. */
export interface ServiceContext {
  readonly prisma: Database;
  readonly actor: Actor;
  readonly queue: JobQueue;
  /** Absolute folders below which a dataset may lie. */
  readonly dataRoots: readonly string[];
  /** Where browsers reach this server, e.g. `http://127.0.0.1:3000`; links are built on it. */
  readonly publicUrl: string;
}

/** @throws DomainError FORBIDDEN naming what was asked, the role it needs and the role the person has. */
export function demand(actor: Actor, action: Action): void {
  if (may(actor, action)) return;
  const { what, needs } = describe(action, actor);
  throw new DomainError('FORBIDDEN', `${what} needs ${needs}; your role is ${actor.role}`);
}

function describe(action: Action, actor: Actor): { what: string; needs: string } {
  const role = (name: Role) => `the role ${name}`;
  switch (action.kind) {
    case 'run.read':
      return { what: 'reading runs', needs: role('viewer') };
    case 'plan.read':
      return { what: 'reading training plans', needs: role('viewer') };
    case 'plan.draft':
      return { what: 'drafting a training plan', needs: role('member') };
    case 'plan.settings':
      return { what: 'deciding how plans are reviewed', needs: role('admin') };
    case 'planBuild.cancel':
      return action.ownerId === actor.userId
        ? { what: 'cancelling the building of a plan', needs: role('member') }
        : { what: "cancelling someone else's building of a plan", needs: role('admin') };
    case 'people.read':
      return { what: 'reading the list of people', needs: role('viewer') };
    case 'run.start':
      return { what: 'starting a run', needs: role('member') };
    case 'dataset.register':
      return { what: 'registering a dataset', needs: role('member') };
    case 'run.cancel':
      return action.ownerId === actor.userId
        ? { what: 'cancelling a run', needs: role('member') }
        : { what: "cancelling someone else's run", needs: role('admin') };
    case 'people.manage':
      return { what: 'managing people', needs: role('admin') };
    default:
      return assertNever(action);
  }
}

/** The audit row of a write; belongs in the write's own transaction. */
export async function audit(
  tx: Transaction | Database,
  actorId: string | null,
  action: string,
  subject: string,
  details: Prisma.InputJsonObject = {},
): Promise<void> {
  await tx.auditEntry.create({ data: { actorId, action, subject, details } });
}
