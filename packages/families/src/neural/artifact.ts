import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { FamilyId } from '@twostage/core/families/family';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { inferenceProgram, type Weights } from '@twostage/engines/graph/program';
import type { Network } from '@twostage/engines/graph/network';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { exportSavedModel, openSavedModel, type SavedModelShape } from '@twostage/engines/graph/tensorflow/model';
import { type BatchPredictor, predictRows } from '@twostage/engines/graph/train';
import { z } from 'zod';
import { standardise } from '../preprocessing/standardiser.ts';
import { featureRows } from './rows.ts';

const descriptionFile = 'model.json';
/** What holds a trained network: a SavedModel, or an ONNX file where it was trained without native TensorFlow. */
const networkFiles = { tensorflow: 'saved_model', onnx: 'model.onnx' } as const;
export const networkEngineSchema = z.enum(['tensorflow', 'onnx']);
export type NetworkEngine = z.infer<typeof networkEngineSchema>;

/** How features are standardised, as it stands in a description. */
const standardisationSchema = z.object({
  featureNames: z.array(z.string()),
  means: z.array(z.number()),
  deviations: z.array(z.number()),
});
/** How a label is standardised, as it stands in a description. */
export const targetScaleSchema = z.object({ mean: z.number(), deviation: z.number().positive() });

/** What stands in every description. */
export const networkDescription = {
  version: z.literal(1),
  engine: networkEngineSchema,
  standardisation: standardisationSchema,
} as const;
type NetworkDescription = z.infer<z.ZodObject<typeof networkDescription>>;

/** What a family saves of one network: a description that says how its input is made and its output read, and the network. */
export interface ArtifactFormat<D extends NetworkDescription> {
  readonly family: FamilyId;
  readonly description: z.ZodType<D>;
  /** Rows a call are fixed, since a product of another height may round in another way. */
  readonly shape: (description: D) => SavedModelShape;
}

export type OpenNetwork = BatchPredictor & { readonly description: string; readonly close: () => Promise<void> };

/** A trained network in its files and at work. It predicts through the very files it saves, so that what is loaded predicts bitwise the same. */
export class NetworkArtifact<D extends NetworkDescription> {
  private constructor(
    readonly directory: string,
    readonly description: D,
    readonly network: OpenNetwork,
    /** The folder is this artifact's own and goes with it. */
    readonly ownsDirectory: boolean,
  ) {}

  /** Writes a trained network into a folder of its own and opens it from there. */
  static async create<D extends NetworkDescription>(
    format: ArtifactFormat<D>,
    network: Network,
    weights: Weights,
    description: D,
    options: RuntimeOptions,
  ): Promise<NetworkArtifact<D>> {
    const directory = await mkdtemp(path.join(tmpdir(), `twostage-${format.family.toLowerCase()}-`));
    try {
      const program = inferenceProgram(network, format.shape(description).batchSize, weights);
      const file = path.join(directory, networkFiles[description.engine]);
      if (description.engine === 'tensorflow') {
        await mkdir(file);
        await exportSavedModel(program, file);
      } else {
        // Not at the top: a process holds one engine.
        const { exportOnnx } = await import('@twostage/engines/graph/onnx/model');
        await writeFile(file, exportOnnx(program, { family: format.family }));
      }
      await writeFile(path.join(directory, descriptionFile), `${JSON.stringify(description, null, 2)}\n`);
      return new NetworkArtifact(directory, description, await open(directory, format, description, options), true);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** @throws DomainError BAD_FILE if the folder does not hold one of this family; ENGINE_MISSING if it needs TensorFlow and there is none */
  static async load<D extends NetworkDescription>(
    format: ArtifactFormat<D>,
    directory: string,
    options: RuntimeOptions,
  ): Promise<NetworkArtifact<D>> {
    const file = path.join(directory, descriptionFile);
    try {
      const description = format.description.parse(JSON.parse(await readFile(file, 'utf8')));
      return new NetworkArtifact(directory, description, await open(directory, format, description, options), false);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const message = `${file}: expected a saved ${format.family}, got: ${messageOf(error)}`;
      throw new DomainError('BAD_FILE', message, { cause: error });
    }
  }

  /**
   * What the network gives for rows of a panel; for networks that read features alone.
   * @returns [rows, outputs of a row]
   * @throws DomainError SHAPE_MISMATCH if the panel has other features than those it was trained on
   */
  async outputs(panel: Panel, rows: RowIndices): Promise<Float32Array> {
    const { standardisation } = this.description;
    const matrix = standardise(panel, standardisation, rows);
    return predictRows(this.network, featureRows(matrix, standardisation.featureNames.length));
  }

  /** @param directory an existing, empty folder */
  async save(directory: string): Promise<void> {
    await cp(this.directory, directory, { recursive: true });
  }

  async close(): Promise<void> {
    await this.network.close();
    if (this.ownsDirectory) await rm(this.directory, { recursive: true, force: true });
  }
}

async function open<D extends NetworkDescription>(
  directory: string,
  format: ArtifactFormat<D>,
  description: D,
  options: RuntimeOptions,
): Promise<OpenNetwork> {
  const file = path.join(directory, networkFiles[description.engine]);
  if (description.engine === 'tensorflow') return openSavedModel(file, format.shape(description), options);
  const { openOnnxModel } = await import('@twostage/engines/graph/onnx/model');
  return openOnnxModel(await readFile(file), options);
}
