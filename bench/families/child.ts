import { catalogue } from '@twostage/families/catalogue';
import { sparseCoefficients } from '@twostage/data/simulate/scenarios/tabular';
import { type FamilyFit, fitFamily } from './fitFamily.ts';
import { type Ground, openGround } from './ground.ts';
import type { Contestant } from './grounds.ts';
import type { FitJob, FitResult } from './protocol.ts';
import { type RivalId, rivals } from './rivals.ts';
import { type Scores, scoresOf } from './scores.ts';

/** One fit in a process of its own, so that engines never share one and the peak of memory is the fit's. */
const job = JSON.parse(process.argv[2]!) as FitJob;
const ground = openGround(job);
const started = performance.now();
const { forecast, importances } = await fitted(job.contestant, ground);
const seconds = (performance.now() - started) / 1000;
const support = job.scenario === 'linear-sparse' && importances ? { support: supportOf(ground, importances) } : {};
const result: FitResult = {
  scores: { ...scoresOf(ground, forecast), ...support },
  seconds,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.send!(result, () => process.exit(0));

async function fitted(contestant: Contestant, on: Ground): Promise<FamilyFit> {
  if (isRival(contestant)) return { forecast: await rivals[contestant](on), importances: null };
  return fitFamily(contestant, on);
}

function isRival(contestant: Contestant): contestant is RivalId {
  return !(contestant in catalogue);
}

/** Of the features said to count, how many do; of those that do, how many are said to. */
function supportOf({ panel }: Ground, importances: NonNullable<FamilyFit['importances']>): Scores['support'] {
  const counting = new Set(panel.featureNames.slice(0, sparseCoefficients.length));
  const said = importances.filter(({ value }) => value !== 0).map(({ feature }) => feature);
  const right = said.filter((feature) => counting.has(feature)).length;
  return { precision: said.length > 0 ? right / said.length : 0, recall: right / counting.size };
}
