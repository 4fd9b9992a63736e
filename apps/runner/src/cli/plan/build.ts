import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '@twostage/core/errors';
import {
  type PlanBuildProgress,
  type PlanBuildRequest,
  planBuildRequestSchema,
} from '@twostage/core/plans/buildRequest';
import { type MasterPlan, routes } from '@twostage/core/plans/masterPlan';
import { type PlanPolicy, planPolicySchema } from '@twostage/core/plans/policy';
import { planSummary } from '@twostage/core/plans/summary';
import { hashOfPlan } from '@twostage/prisma/planHash';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { onInterrupt } from '../interrupt.ts';
import { resolveRunConfig, type TrainFlags } from '../runConfig.ts';
import { table } from '../tables.ts';
import { duration, shownPath, write } from '../terminal.ts';
import { checkSymbols } from '../train.ts';
import { exitCodes, issueLine, UsageError } from '../usage.ts';

export interface BuildPlanFlags
  extends Pick<
    TrainFlags,
    | 'dataDir'
    | 'symbols'
    | 'targets'
    | 'targetLag'
    | 'features'
    | 'normalisation'
    | 'featureConfig'
    | 'families'
    | 'seed'
    | 'threads'
  > {
  readonly policy?: string;
  readonly permutations?: number;
  readonly outputDir?: string;
  readonly json?: boolean;
}

/**
 * `twostage plan build`: a plan from what can be measured. Stopped or failed, it leaves the folder as it was.
 * @throws UsageError, DomainError
 */
export async function buildPlanCommand(flags: BuildPlanFlags): Promise<number> {
  const request = await requestOf(flags);
  await checkSymbols(request);
  const outputDir = path.resolve(flags.outputDir ?? 'results');
  // DuckDB comes with it: what was typed is checked before.
  const [{ buildPlan }, { writePlan }] = await Promise.all([
    import('../../plan/buildPlan.ts'),
    import('./writePlan.ts'),
  ]);
  const interrupt = onInterrupt(() => {
    if (!flags.json) process.stderr.write(pc.yellow('\nstopping; press Ctrl-C again to end at once\n'));
  });
  const reporter = reporterOf(flags.json ?? false);
  try {
    const { signal } = interrupt;
    const plan = await buildPlan({ request, workDir: tmpdir(), signal, onProgress: reporter.progress });
    reporter.end();
    if (signal.aborted) return exitCodes.interrupted;
    conclude(plan, await writePlan(outputDir, plan), flags.json ?? false);
    return exitCodes.ok;
  } catch (error) {
    reporter.end();
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    interrupt.end();
  }
}

async function requestOf(flags: BuildPlanFlags): Promise<PlanBuildRequest> {
  const config = await resolveRunConfig(flags);
  const policy = await policyOf(flags);
  return planBuildRequestSchema.parse({ ...config, policy });
}

async function policyOf({ policy: file, permutations }: BuildPlanFlags): Promise<PlanPolicy> {
  const given = file === undefined ? {} : await readPolicy(file);
  const input = {
    ...given,
    ...(permutations !== undefined && {
      shifts: permutations,
      treeShifts: Math.min(permutations, Number(given.treeShifts ?? planPolicySchema.parse({}).treeShifts)),
    }),
  };
  const parsed = planPolicySchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const nameOf = ([field]: PropertyKey[]) =>
    permutations !== undefined && (field === 'shifts' || field === 'treeShifts')
      ? '--permutations'
      : `--policy: ${[file, field].filter(Boolean).map(String).join(': ')}`;
  throw new UsageError(issueLine(parsed.error, nameOf, input));
}

/** A policy, or a plan: then by the policy that it was made by. */
async function readPolicy(file: string): Promise<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--policy: ${file}: expected a JSON file with fields of a policy: ${messageOf(error)}`);
  }
  const ofPlan = (json as { metadata?: { policy?: unknown } } | null)?.metadata?.policy ?? json;
  if (ofPlan === null || typeof ofPlan !== 'object' || Array.isArray(ofPlan))
    throw new UsageError(`--policy: ${file} holds no object; expected fields of a policy`);
  return ofPlan as Record<string, unknown>;
}

interface BuildReporter {
  progress(progress: PlanBuildProgress): void;
  end(): void;
}

const lineEveryMs = 5000;

function reporterOf(json: boolean): BuildReporter {
  if (json) return { progress: (progress) => write(JSON.stringify({ kind: 'progress', ...progress })), end() {} };
  if (process.stdout.isTTY) {
    const draw = createLogUpdate(process.stdout);
    return {
      progress: (progress) => draw(progressLine(progress)),
      end() {
        draw.clear();
        draw.done();
      },
    };
  }
  let [shownMs, step] = [Number.NEGATIVE_INFINITY, ''];
  return {
    progress(progress) {
      if (progress.step === step && progress.elapsedMs - shownMs < lineEveryMs) return;
      [shownMs, step] = [progress.elapsedMs, progress.step];
      write(progressLine(progress));
    },
    end() {},
  };
}

function progressLine({ step, done, total, latest, elapsedMs, etaMs }: PlanBuildProgress): string {
  if (step === 'reading') return 'reading the data';
  if (step === 'routing') return `${done} targets measured in ${duration(elapsedMs)}; routing them`;
  const bar = '█'.repeat(Math.round((24 * done) / total)).padEnd(24, '░');
  const left = etaMs === null || done === 0 ? '' : `, about ${duration(etaMs)} left`;
  return `measuring ${bar} ${done} of ${total}${latest === null ? '' : `, ${latest}`}${left}`;
}

function conclude(plan: MasterPlan, folder: string, json: boolean): void {
  const { by_route: byRoute, ...summary } = planSummary(plan.jobs);
  if (json) {
    const { ranking } = plan.summary;
    const what = { folder, hash: hashOfPlan(plan), summary: { by_route: byRoute, ...summary, ranking } };
    write(JSON.stringify({ kind: 'plan', ...what }));
    return;
  }
  const pooled = plan.jobs.filter(({ symbol }) => symbol === null);
  const symbolsOf = (target: string, route: (typeof routes)[number]) =>
    String(plan.jobs.filter((job) => job.target === target && job.symbol !== null && job.route === route).length);
  write(
    table(
      [
        { title: 'target' },
        { title: 'all symbols' },
        ...routes.map((route) => ({ title: short(route), align: 'right' as const })),
        { title: 'why' },
      ],
      pooled.map(({ target, route, reason }) => [
        target,
        short(route),
        ...routes.map((each) => symbolsOf(target, each)),
        reason,
      ]),
    ),
  );
  write(pc.dim('The columns between count symbols by route; targets are ranked, the most predictable first.'));
  const trained = plan.jobs.filter(({ model_families: families }) => families.length > 0).length;
  write(
    `${trained} of ${plan.jobs.length} jobs train something, ${summary.experimental} experimental; plan in ${shownPath(folder)}`,
  );
}

const short = (route: string): string => route.replace('ROUTE_', '').toLowerCase().replaceAll('_', ' ');
