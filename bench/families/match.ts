import type { FamilyId } from '@twostage/core/families/family';
import { type ScenarioName, scenarios } from '@twostage/data/simulate/scenarios/catalogue';
import { catalogue } from '@twostage/families/catalogue';
import type { Fits } from './fits.ts';
import { openGround } from './ground.ts';
import { type Contestant, homeGrounds, type Size } from './grounds.ts';
import type { FitResult } from './protocol.ts';
import { type MeasureName, measures, type Scores, scoresOf } from './scores.ts';
import { exceeds, mean, type Paired, paired, pooledMean } from './statistics.ts';

/** A family against one rival by one measure. */
export interface Bout {
  readonly measure: MeasureName;
  readonly rival: Contestant;
  /** Means over the seeds. */
  readonly own: number;
  readonly theirs: number;
  readonly oracle: number;
  /** Positive where the family is better. */
  readonly difference: Paired;
  readonly won: boolean;
}

export interface Match {
  readonly family: FamilyId;
  readonly scenario: ScenarioName;
  readonly bouts: readonly Bout[];
  readonly checks: readonly { readonly title: string; readonly value: number; readonly passed: boolean }[];
  /** Mean over the seeds. */
  readonly seconds: number;
  /** Largest of the seeds'. */
  readonly peakMb: number;
  readonly passed: boolean;
}

/** Plays a family's home ground, one pair of fits a seed. @param quick on its small size */
export async function playHome(family: FamilyId, seeds: readonly number[], fits: Fits, quick: boolean): Promise<Match> {
  const ground = homeGrounds[family];
  const size = quick ? ground.quick : scenarios[ground.scenario].size;
  const settings = settingsOf(family, ground.scenario, size);
  const play = (contestant: Contestant) => Promise.all(seeds.map((seed) => fits.of({ contestant, ...settings, seed })));
  const [own, ...others] = await Promise.all([family, ...ground.rivals].map(play));
  const oracle = seeds.map((seed) => {
    const opened = openGround({ ...settings, seed });
    return scoresOf(opened, { ...opened.oracle(), positions: ground.measures.includes('netSharpe') });
  });
  const bouts = ground.measures.flatMap((measure) =>
    ground.rivals.map((rival, i) => bout({ measure, rival, own: own!, theirs: others[i]!, oracle })),
  );
  const checks = (ground.checks ?? []).map(({ title, value, least, most }) => {
    const measured = mean(own!.map(({ scores }) => value(scores) ?? Number.NaN));
    return { title, value: measured, passed: measured >= least && measured <= most };
  });
  return {
    family,
    scenario: ground.scenario,
    bouts,
    checks,
    seconds: mean(own!.map(({ seconds }) => seconds)),
    peakMb: Math.max(...own!.map(({ peakMb }) => peakMb)),
    passed: bouts.every((each) => each.won) && checks.every((check) => check.passed),
  };
}

function settingsOf(family: FamilyId, scenario: ScenarioName, size: Size) {
  return { scenario, ...size, everyTarget: catalogue[family].targets === 'together' };
}

interface BoutInput {
  readonly measure: MeasureName;
  readonly rival: Contestant;
  readonly own: readonly FitResult[];
  readonly theirs: readonly FitResult[];
  readonly oracle: readonly Scores[];
}

function bout({ measure, rival, own, theirs, oracle }: BoutInput): Bout {
  const read = (scores: readonly Scores[]) => scores.map((each) => each[measure] ?? Number.NaN);
  const [a, b] = [own, theirs].map((results) => read(results.map(({ scores }) => scores))) as [number[], number[]];
  const difference = paired(a.map((value, i) => measures[measure].sign * (value - b[i]!)));
  return {
    ...{ measure, rival, difference },
    own: mean(a),
    theirs: mean(b),
    oracle: mean(read(oracle)),
    won: exceeds(difference, 2),
  };
}

export interface NullMatch {
  readonly family: FamilyId;
  readonly ic: number;
  readonly error: number;
  readonly passed: boolean;
}

/** Pure noise, on which nobody may find anything: the mean IC over the seeds lies within 3 standard errors of 0. */
export async function playNull(family: FamilyId, seeds: readonly number[], fits: Fits): Promise<NullMatch> {
  const settings = settingsOf(family, 'null', scenarios.null.size);
  const results = await Promise.all(seeds.map((seed) => fits.of({ contestant: family, ...settings, seed })));
  const { mean: ic, error } = pooledMean(
    results.map(({ scores: { ic, icError } }) => ({ value: ic, error: icError ?? 0 })),
  );
  return { family, ic, error, passed: Math.abs(ic) <= 3 * error };
}
