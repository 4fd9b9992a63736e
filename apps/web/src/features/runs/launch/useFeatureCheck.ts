import { useMutation, useQuery } from '@tanstack/react-query';
import type { FeatureExpression } from '@twostage/core/runs/featureExpressions';
import { useState } from 'react';
import type { RequestFeatureCheckInput } from '../../../server/contracts/featureChecks.ts';
import { useTRPC } from '../../../trpc/client.tsx';

/** What a runner said of a row as it stands: null where it was not asked about it, or has called it good after other rows. */
export type FeatureVerdict = { readonly fault: string | null } | null;

export interface FeatureChecking {
  /** Ask about these. */
  check(input: RequestFeatureCheckInput & { expressions: FeatureExpression[] }): void;
  readonly isChecking: boolean;
  /** Why there is no answer, in one line. */
  readonly refusal: string | null;
  /** On whose bars the features were tried; null before an answer. */
  readonly symbols: readonly string[] | null;
  verdictOf(list: readonly FeatureExpression[], index: number): FeatureVerdict;
}

/** Sends features to a runner and waits for its answer. */
export function useFeatureCheck(datasetId: string): FeatureChecking {
  const trpc = useTRPC();
  const [asked, setAsked] = useState<{ datasetId: string; expressions: FeatureExpression[] } | null>(null);
  const request = useMutation(trpc.features.check.mutationOptions());
  const checkId = request.data?.checkId ?? '';
  const state = useQuery({
    ...trpc.features.answer.queryOptions({ checkId }),
    enabled: checkId !== '',
    refetchInterval: ({ state: { data, status } }) => (data?.answer || status === 'error' ? false : 400),
  });
  // What was said of another dataset says nothing of this one.
  const current = asked?.datasetId === datasetId;
  const answer = current && checkId !== '' ? (state.data?.answer ?? null) : null;
  const failure = request.error ?? state.error;
  return {
    check(input) {
      setAsked({ datasetId: input.datasetId, expressions: input.expressions });
      request.mutate(input);
    },
    isChecking: current && !failure && (request.isPending || (checkId !== '' && !answer)),
    refusal: current ? (answer?.kind === 'refused' ? answer.message : (failure?.message ?? null)) : null,
    symbols: answer?.kind === 'checked' ? answer.symbols : null,
    verdictOf(list, index) {
      if (answer?.kind !== 'checked' || !asked) return null;
      const feature = list[index]!;
      if (!asked.expressions.some((each) => same(each, feature))) return null;
      const fault = answer.faults.find(({ name }) => name === feature.name)?.message ?? null;
      // A row may name the ones before it: with others there it may be wrong now.
      const stands = list.slice(0, index + 1).every((each, i) => same(each, asked.expressions[i]));
      return fault !== null || stands ? { fault } : null;
    },
  };
}

const same = (one: FeatureExpression, other: FeatureExpression | undefined): boolean =>
  one.name === other?.name && one.expression === other.expression;
