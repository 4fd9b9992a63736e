'use client';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Comment, Comments } from './Comments.tsx';

/** Everything that was said: of the version, then of its jobs. */
export function CommentsTab({ version }: { version: PlanVersionDetail }) {
  const ofJobs = version.comments.filter(({ jobId }) => jobId !== null);
  const mayAnswer = version.may.comment.kind === 'allowed';
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title="On the version">
        <Comments version={version} jobId={null} />
        {version.comments.length === ofJobs.length && !mayAnswer && <p className="text-muted">Nothing was said.</p>}
      </Panel>
      <Panel title="On its jobs">
        {ofJobs.length === 0 ? (
          <p className="text-muted">Nothing yet. Choose a cell among the jobs to say something about one.</p>
        ) : (
          <ul className="space-y-2">
            {ofJobs.map((comment) => (
              <Comment key={comment.id} comment={comment} mayAnswer={mayAnswer} place={comment.jobId!} />
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}
