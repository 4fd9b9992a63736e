import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { predictRows } from '@twostage/engines/graph/train';
import { expect, it } from 'vitest';
import { fit, fitInput, temporaryFolder } from '../test/fitting.ts';
import { pythonWith } from '../test/python.ts';
import { uniformPanel } from '../test/simulatedPanel.ts';
import { families } from './catalogue.ts';
import type { NetworkArtifact } from './neural/artifact.ts';
import { trainers } from './trainers.ts';

type Description = Parameters<typeof NetworkArtifact.create>[3];

const data = uniformPanel(600, 5, 21);
const rows = 100;
const script = fileURLToPath(new URL('../test/predict_saved_model.py', import.meta.url));

/** Trains a family for a moment, saves it, and gives what Python is asked to do with it and what the artifact itself does. */
async function saved(family: (typeof families)[number]) {
  const others = family.targets === 'together' ? [{ name: 'other', values: data.target, labelBars: 1 }] : [];
  const input = fitInput(family.id, data, { epochs: 1 });
  const targets = [...input.targets, ...others];
  const { model } = await fit(await trainers[family.id](), { ...input, targets });
  const folder = await temporaryFolder();
  await model.save(folder);
  const { network } = (model as unknown as { artifact: NetworkArtifact<Description> }).artifact;
  const inputs = network.inputs.map(({ name, shape }, place) => {
    const width = shape.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i + place));
    return { name, width, values, file: path.join(folder, `${name}.f32`) };
  });
  for (const { file, values } of inputs) await writeFile(file, values);
  const ours = await predictRows(network, {
    rows,
    fill: (chosen, batch) => {
      for (const { name, width, values } of inputs)
        chosen.forEach((row, i) => {
          batch[name]!.set(values.subarray(row * width, (row + 1) * width), i * width);
        });
    },
  });
  const given = Object.fromEntries(inputs.map(({ name, file, width }) => [name, { file, width }]));
  const job = { model: path.join(folder, 'saved_model'), inputs: given, out: path.join(folder, 'outputs.f32') };
  return { family: family.id, folder, job, ours };
}

it('every family of the TensorFlow group saves a SavedModel with which Python’s TensorFlow predicts the same', async () => {
  const group = families.filter(({ framework }) => framework === 'tensorflow');
  const every = [];
  for (const family of group) every.push(await saved(family));
  for (const { folder } of every) {
    const files = await readdir(path.join(folder, 'saved_model'));
    expect(files.sort()).toEqual(['saved_model.pb', 'variables']);
  }
  const python = pythonWith('tensorflow');
  if (python === undefined) return;
  const jobs = path.join(await temporaryFolder(), 'jobs.json');
  await writeFile(jobs, JSON.stringify(every.map(({ job }) => job)));
  execFileSync(python, [script, jobs], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const { family, job, ours } of every) {
    const bytes = await readFile(job.out);
    const theirs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    expect(theirs, family).toHaveLength(ours.length);
    const scale = Math.max(...ours.map(Math.abs));
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!), `${family}, ${i}`).toBeLessThan(1e-6 * Math.max(1, scale));
    });
  }
}, 240_000);
