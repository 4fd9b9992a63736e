/**
 * Every family on its home ground: a simulated panel whose best forecast is known, where it has to beat something simpler by
 * more than two standard errors of the paired difference over the seeds; and on pure noise, where it may find nothing. Each fit
 * is one thread in a process of its own, with the family's default parameters; seconds are those of fit and forecast.
 *
 *   npm run bench:families [-- --families LightGBM MLP] [--seeds 5] [--first-seed 1] [--quick] [--jobs 2] [--json FILE]
 *
 * --quick: one seed on small panels, where being better at all counts. Exit code 1 where a family does not do what it has to.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '@twostage/core/errors';
import { type FamilyId, familyIds } from '@twostage/core/families/family';
import { Fits } from './families/fits.ts';
import { playHome, playNull } from './families/match.ts';
import { homeTable, nullTable } from './families/tables.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    families: { type: 'string', multiple: true },
    seeds: { type: 'string' },
    'first-seed': { type: 'string' },
    jobs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const families = chosenFamilies([...(flags.families ?? []), ...positionals]);
const firstSeed = count('first-seed', 1);
const seeds = Array.from({ length: count('seeds', flags.quick ? 1 : 5) }, (_, i) => firstSeed + i);
const fits = new Fits(count('jobs', availableParallelism()), ({ contestant, scenario, seed }, { seconds }) => {
  console.error(`  ${contestant} on ${scenario}, seed ${seed}: ${seconds.toFixed(1)} s`);
});

const started = performance.now();
const home = await settled(families.map((family) => playHome(family, seeds, fits, flags.quick)));
const noise = await settled(families.map((family) => playNull(family, seeds, fits)));
const minutes = (performance.now() - started) / 60_000;
console.log(
  `\nHome grounds, ${seeds.length === 1 ? 'one seed' : `means of ${seeds.length} seeds`}\n\n${homeTable(home)}`,
);
console.log(`\nPure noise\n\n${nullTable(noise)}\n\n${minutes.toFixed(1)} minutes`);
if (flags.json) await writeFile(flags.json, `${JSON.stringify({ seeds, quick: flags.quick, home, noise }, null, 2)}\n`);
if (![...home, ...noise].every(({ passed }) => passed)) process.exitCode = 1;

/** A fit that fails is told, and does not keep the others from telling what they found. */
async function settled<T>(matches: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(matches);
  for (const match of ended) {
    if (match.status === 'fulfilled') continue;
    console.error(`\n${messageOf(match.reason)}`);
    process.exitCode = 1;
  }
  return ended.flatMap((match) => (match.status === 'fulfilled' ? [match.value] : []));
}

function count(flag: 'seeds' | 'first-seed' | 'jobs', otherwise: number): number {
  const given = flags[flag] === undefined ? otherwise : Number(flags[flag]);
  if (Number.isInteger(given) && given > 0) return given;
  console.error(`--${flag}: expected a whole number above 0, got ${flags[flag]}`);
  process.exit(2);
}

function chosenFamilies(names: readonly string[]): readonly FamilyId[] {
  const known = (name: string): name is FamilyId => familyIds.some((id) => id === name);
  const unknown = names.find((name) => !known(name));
  if (unknown !== undefined) {
    console.error(`no family "${unknown}"; there are ${familyIds.join(', ')}`);
    process.exit(2);
  }
  return names.length > 0 ? names.filter(known) : familyIds;
}
