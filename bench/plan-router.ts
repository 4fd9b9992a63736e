/**
 * How often a plan says what it should, on simulated panels of which it is known: ten targets (noise, signals that symbols share,
 * signals of opposite sign, a leak, one too short …) on ten symbols, over several seeds.
 *
 *   npm run bench -- plan-router        or   node --import tsx bench/plan-router.ts [--seeds 10] [--verbose]
 *
 * Exit code 1 where fewer than nine in ten decisions are right, or more noise is routed to training than the rate allows.
 */
import { parseArgs } from 'node:util';
import { routes } from '@twostage/core/plans/masterPlan';
import { defaultPolicy } from '@twostage/core/plans/policy';
import { plantedNoise } from '@twostage/data/simulate/scenarios/predictability';
import { type JudgedDecision, planSimulated } from './routing/simulatedPlan.ts';

const { values: flags } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, verbose: { type: 'boolean', default: false } },
});
const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => i + 1);
const started = performance.now();
const decisions: (JudgedDecision & { seed: number })[] = [];
for (const seed of seeds) {
  const plan = await planSimulated(seed, defaultPolicy);
  decisions.push(...plan.decisions.map((decision) => ({ ...decision, seed })));
  const wrong = plan.decisions.filter(({ route, truth }) => route !== truth);
  console.error(`  seed ${seed}: ${wrong.length} of ${plan.decisions.length} decisions otherwise than planted`);
  if (flags.verbose)
    for (const { target, symbol, truth, route, reason } of wrong)
      console.error(`    ${target} ${symbol ?? 'all'}: ${route} instead of ${truth}. ${reason}`);
}

const short = (route: string) => route.replace('ROUTE_', '').toLowerCase();
const targets = [...new Set(decisions.map(({ target }) => target))].sort();
const cells: string[][] = [['target', 'what', 'planted', ...routes.map(short)]];
for (const target of targets) {
  for (const pooled of [true, false]) {
    const own = decisions.filter((decision) => decision.target === target && (decision.symbol === null) === pooled);
    for (const truth of routes) {
      const planted = own.filter((decision) => decision.truth === truth);
      if (planted.length === 0) continue;
      const counts = routes.map((route) => planted.filter((decision) => decision.route === route).length);
      cells.push([target, pooled ? 'all' : 'each', short(truth), ...counts.map((n) => (n === 0 ? '·' : String(n)))]);
    }
  }
}
const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
for (const row of cells)
  console.log(row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '));

const right = decisions.filter(({ route, truth }) => route === truth).length;
const there = decisions.filter(({ truth }) => truth !== 'ROUTE_BLOCKED');
const found = there.filter(({ route, truth }) => route === truth).length;
const noise = seeds.flatMap((seed) =>
  plantedNoise.map((target) =>
    decisions.some((each) => each.seed === seed && each.target === target && each.route !== 'ROUTE_BLOCKED'),
  ),
);
const routedNoise = noise.filter(Boolean).length;
// What the stated rate allows by chance: the mean and two standard deviations of so many trials.
const rate = defaultPolicy.falseDiscoveryRate;
const allowed = noise.length * rate + 2 * Math.sqrt(noise.length * rate * (1 - rate));
const noisePs = decisions.flatMap(({ target, p }) => (plantedNoise.includes(target) && p !== null ? [p] : []));
const upTo = (level: number) => noisePs.filter((p) => p <= level).length;
const share = (n: number, of: number) => `${n} of ${of} (${((100 * n) / of).toFixed(1)} %)`;
console.log(`
right decisions               ${share(right, decisions.length)}
planted signals found as such ${share(found, there.length)}
p of noise up to 0.05, 0.01   ${share(upTo(0.05), noisePs.length)}, ${share(upTo(0.01), noisePs.length)}
noise targets not blocked     ${share(routedNoise, noise.length)}, at a rate of ${rate}
${((performance.now() - started) / 1000).toFixed(0)} s for ${seeds.length} panels`);
if (right < 0.9 * decisions.length || found < 0.9 * there.length || routedNoise > allowed) process.exitCode = 1;
