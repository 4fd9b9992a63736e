/**
 * The first steps of every network on WebGPU beside the CPU, the TensorFlow group's by ONNX Runtime in TensorFlow's place:
 * losses, and seconds, most of them the compilation of shaders.
 * Exit code 1 where WebGPU did not run or the losses differ by more than a thousandth.
 *   node --import tsx bench/webgpu.ts [family,…] [steps]
 * Without a GPU Chromium's software device does, for correctness, not for speed:
 *   LD_LIBRARY_PATH=/usr/lib/chromium VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json
 */
import { availableParallelism } from 'node:os';
import { messageOf } from '@twostage/core/errors';
import { type FamilyId, familyIdSchema } from '@twostage/core/families/family';
import { resolveParameters } from '@twostage/core/families/parameters';
import { hideTensorFlow } from '@twostage/engines/tensorflow/testing/hideTensorFlow';
import { catalogue, families } from '@twostage/families/catalogue';
import { trainers } from '@twostage/families/trainers';
import { simulate } from './boosting/simulate.ts';

const [names, steps = '3'] = process.argv.slice(2);
const asked = names?.split(',').map((name) => familyIdSchema.parse(name));
const chosen = asked ?? families.filter(({ stage }) => stage === 'gpu').map(({ id }) => id);
const threads = availableParallelism();
const seed = 1;
const inPlaceOfTensorFlow = 'ONNX Runtime takes the place of TensorFlow';
const data = simulate(400, 6, seed);

interface Fitted {
  /** Mean loss of the epoch's training rows, and of the validation rows after it. */
  readonly losses: readonly (number | null)[];
  readonly seconds: number;
  /** That another device took its place. */
  readonly notes: readonly string[];
}

async function fit(family: FamilyId, device: 'cpu' | 'webgpu'): Promise<Fitted> {
  const trainer = await trainers[family]();
  const targetNames = catalogue[family].targets === 'together' ? ['target', 'again'] : ['target'];
  const undropped = 'dropout' in catalogue[family].parameters.shape ? { dropout: 0 } : {};
  const notes: string[] = [];
  let losses: (number | null)[] = [];
  const begin = performance.now();
  const model = await trainer.fit({
    panel: data.panel,
    target: data.target,
    targets: targetNames.map((name) => ({ name, values: data.target, labelBars: 1 })),
    train: data.train.slice(0, 64 * Number(steps)),
    validation: data.validation,
    parameters: resolveParameters(catalogue[family], { epochs: 1, batchSize: 64, ...undropped }),
    lookback: 6,
    ...{ seed, threads, device },
    report: async ({ trainLoss, validationLoss }) => {
      losses = [trainLoss, validationLoss];
    },
    note: (line) => void (line.startsWith(inPlaceOfTensorFlow) || notes.push(line)),
  });
  await model.close();
  return { losses, notes, seconds: (performance.now() - begin) / 1000 };
}

const apart = (a: Fitted, b: Fitted) =>
  a.losses.reduce((largest: number, loss, i) => Math.max(largest, Math.abs((loss ?? 0) / (b.losses[i] ?? 1) - 1)), 0);

hideTensorFlow();
console.log('family           CPU s   WebGPU s   losses differ by at most');
for (const family of chosen) {
  try {
    const [cpu, webgpu] = [await fit(family, 'cpu'), await fit(family, 'webgpu')];
    const difference = apart(cpu, webgpu);
    const seconds = [cpu, webgpu].map(({ seconds }) => seconds.toFixed(1).padStart(7));
    console.log(
      `${family.padEnd(15)} ${seconds[0]}    ${seconds[1]}   ${difference.toExponential(1)} of ${cpu.losses.at(-1)} ${webgpu.notes.join('; ')}`,
    );
    if (webgpu.notes.length > 0 || !(difference < 1e-3)) process.exitCode = 1;
  } catch (error) {
    console.log(`${family.padEnd(15)} ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
