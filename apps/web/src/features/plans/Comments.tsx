'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CheckCircle2, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { PlanComment, PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { inputClass } from '../../ui/Field.tsx';
import { ago, dateTime } from '../../ui/format.ts';
import { useNow } from '../../ui/useNow.ts';

/** What people said of a version, or of one of its jobs, and a field to say more. */
export function Comments({ version, jobId }: { version: PlanVersionDetail; jobId: string | null }) {
  const own = version.comments.filter((comment) => comment.jobId === jobId);
  return (
    <section aria-label={jobId === null ? 'Comments on the version' : 'Comments on the job'} className="space-y-3">
      {own.length > 0 && (
        <ul className="space-y-2">
          {own.map((comment) => (
            <Comment key={comment.id} comment={comment} mayAnswer={version.may.comment.kind === 'allowed'} />
          ))}
        </ul>
      )}
      {version.may.comment.kind === 'allowed' && <NewComment versionId={version.id} jobId={jobId} />}
    </section>
  );
}

/** Open comments by job; those on the version as a whole are left out. */
export function openCommentsByJob(comments: readonly PlanComment[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { jobId, resolvedAt } of comments)
    if (jobId !== null && resolvedAt === null) counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
  return counts;
}

export function Comment({ comment, mayAnswer, place }: { comment: PlanComment; mayAnswer: boolean; place?: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const now = useNow(true, 30_000);
  const done = comment.resolvedAt !== null;
  const resolve = useMutation(
    trpc.plans.resolveComment.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries(trpc.plans.pathFilter()),
      onError: (error) => toast.error('Not changed', { description: error.message }),
    }),
  );
  return (
    <li className={cx('rounded-md border border-line bg-sunken px-3 py-2', done && 'opacity-70')}>
      <p className="flex flex-wrap items-center gap-x-2 text-xs">
        <span className="font-medium">{comment.author?.name ?? 'Someone who left'}</span>
        <span className="text-faint" title={dateTime(comment.at)}>
          {now > 0 && ago(comment.at, now)}
        </span>
        {place && <span className="text-muted">on {place}</span>}
        {mayAnswer && (
          <Button
            size="sm"
            variant="ghost"
            className="ml-auto"
            busy={resolve.isPending}
            icon={done ? <RotateCcw aria-hidden className="size-3" /> : <CheckCircle2 aria-hidden className="size-3" />}
            onClick={() => resolve.mutate({ commentId: comment.id, resolved: !done })}
          >
            {done ? 'Open again' : 'Resolve'}
          </Button>
        )}
      </p>
      <p className="mt-0.5 whitespace-pre-wrap break-words">{comment.text}</p>
      {done && (
        <p className="mt-0.5 text-2xs text-faint">resolved by {comment.resolvedBy?.name ?? 'someone who left'}</p>
      )}
    </li>
  );
}

function NewComment({ versionId, jobId }: { versionId: string; jobId: string | null }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const add = useMutation(
    trpc.plans.comment.mutationOptions({
      onSuccess: () => {
        setText('');
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
      },
      onError: (error) => toast.error('Not said', { description: error.message }),
    }),
  );
  return (
    <form
      className="space-y-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') add.mutate({ versionId, jobId, text });
      }}
    >
      <textarea
        aria-label={jobId === null ? 'Comment on the version' : 'Comment on this job'}
        placeholder={jobId === null ? 'Say something about this version' : 'Say something about this job'}
        rows={2}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={inputClass(false, 'h-auto py-1.5')}
      />
      <Button type="submit" size="sm" busy={add.isPending} disabled={text.trim() === ''}>
        Comment
      </Button>
    </form>
  );
}
