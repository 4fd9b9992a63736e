/**
 * Memory of the TensorFlow group: its four families are fitted on their home grounds again and again in one process, as a runner
 * that never ended would. Tensors that are held and resident memory, by span of time.
 * Exit code 1 where a fit leaves a tensor behind, or where the most memory of the last quarter exceeds that of the second by more
 * than a sixteenth.
 *   node --import tsx bench/tensorflow-memory.ts [minutes, default 4]
 */
import { familyIds } from '@twostage/core/families/family';
import { scenarios } from '@twostage/data/simulate/scenarios/catalogue';
import { loadTensorFlow } from '@twostage/engines/tensorflow/load';
import { catalogue } from '@twostage/families/catalogue';
import { fitFamily } from './families/fitFamily.ts';
import { openGround } from './families/ground.ts';
import { homeGrounds } from './families/grounds.ts';

const [given = '4'] = process.argv.slice(2);
const minutes = Number(given);
if (!(minutes > 0)) {
  console.error(`expected minutes above 0, got ${given}`);
  process.exit(2);
}
const spans = 12;
const growth = 1 / 16;

const { tf } = loadTensorFlow();
const group = familyIds.filter((id) => catalogue[id].framework === 'tensorflow');
const grounds = group.map((family) => {
  const { scenario } = homeGrounds[family];
  const everyTarget = catalogue[family].targets === 'together';
  return { family, ground: openGround({ scenario, ...scenarios[scenario].size, seed: 1, everyTarget }) };
});

const held = tf.memory().numTensors;
/** Most MB at the end of a fit, by span. */
const peaks = new Float64Array(spans);
let [leaked, fits] = [0, 0];
const started = performance.now();
for (let span = 0; span < spans; span++) {
  const ends = started + ((span + 1) / spans) * minutes * 60_000;
  while (performance.now() < ends) {
    const { family, ground } = grounds[fits++ % grounds.length]!;
    await fitFamily(family, ground);
    leaked = Math.max(leaked, tf.memory().numTensors - held);
    peaks[span] = Math.max(peaks[span]!, process.memoryUsage.rss() / 2 ** 20);
  }
  console.log(
    `${((performance.now() - started) / 60_000).toFixed(1)} min, ${fits} fits: ${held + leaked} tensors at most after a fit, ${held} before the first; ${peaks[span]!.toFixed(0)} MB`,
  );
}

const most = (from: number, to: number) => Math.max(...peaks.subarray(from, to));
const [second, last] = [most(spans / 4, spans / 2), most((3 * spans) / 4, spans)];
console.log(`second quarter ${second.toFixed(0)} MB, last ${last.toFixed(0)} MB: ${(last / second).toFixed(3)}`);
if (leaked > 0 || last > second * (1 + growth)) process.exitCode = 1;
