import { DomainError } from '@twostage/core/errors';
import {
  type CountOut,
  check,
  copyFloats,
  copyStrings,
  copyText,
  type Handle,
  type HandleOut,
  xgboost,
} from './library.ts';
import type { XgboostMatrix } from './matrix.ts';

/** XGBoost's own parameter names (doc/parameter.rst) and values. */
export type XgboostParameters = Readonly<Record<string, number | string>>;

/** A boosted ensemble of trees in XGBoost's own memory: `close` frees it. */
export class XgboostBooster {
  #handle: Handle | null;

  private constructor(handle: Handle) {
    this.#handle = handle;
  }

  /**
   * A booster about to train on one of `matrices`; predictions on all of them are cached from round to round.
   * @param featureNames kept in the model, which Python shows and checks
   * @throws DomainError ENGINE_FAILED with XGBoost's message. A bad parameter fails at the first round only.
   */
  static create(
    matrices: readonly XgboostMatrix[],
    parameters: XgboostParameters,
    featureNames: readonly string[] = [],
  ): XgboostBooster {
    const { api } = xgboost();
    const out: HandleOut = [null];
    check(
      api.boosterCreate(
        matrices.map(({ handle }) => handle),
        matrices.length,
        out,
      ),
    );
    const booster = new XgboostBooster(out[0]!);
    try {
      for (const [name, value] of Object.entries(parameters)) booster.set(name, value);
      if (featureNames.length > 0) {
        check(api.boosterSetFeatureInfo(booster.handle, 'feature_name', featureNames, featureNames.length));
      }
      return booster;
    } catch (error) {
      booster.close();
      throw error;
    }
  }

  /** @param model JSON as `toJson` and Python's `Booster.save_model('….json')` write it. @throws DomainError ENGINE_FAILED */
  static fromJson(model: string, threads: number): XgboostBooster {
    const booster = XgboostBooster.create([], { verbosity: 0 });
    try {
      const bytes = Buffer.from(model, 'utf8');
      check(xgboost().api.boosterLoadFromBuffer(booster.handle, bytes, bytes.length));
      // What a model file says of its trainer's machine does not bind this one.
      booster.set('nthread', threads);
      return booster;
    } catch (error) {
      booster.close();
      throw error;
    }
  }

  set(name: string, value: number | string): void {
    check(xgboost().api.boosterSetParam(this.handle, name, String(value)));
  }

  /** Grows one more round of trees. @param round 0-based */
  update(round: number, train: XgboostMatrix): void {
    check(xgboost().api.boosterUpdateOneIter(this.handle, round, train.handle));
  }

  /** The metric of the parameters on each matrix, in their order. */
  evaluate(round: number, matrices: readonly XgboostMatrix[]): number[] {
    const handles = matrices.map(({ handle }) => handle);
    const names = matrices.map((_, index) => `block${index}`);
    const out: [string | null] = [null];
    check(xgboost().api.boosterEvalOneIter(this.handle, round, handles, names, handles.length, out));
    // `[0]\tblock0-rmse:0.5\tblock1-rmse:0.6`
    const values = (out[0] ?? '')
      .split('\t')
      .slice(1)
      .map((part) => Number(part.slice(part.lastIndexOf(':') + 1)));
    if (values.length !== matrices.length) {
      throw new DomainError('ENGINE_FAILED', `XGBoost: expected ${matrices.length} metrics, got "${out[0]}"`);
    }
    return values;
  }

  /** @returns [matrix.rows] */
  predict(matrix: XgboostMatrix): Float32Array {
    const config = '{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}';
    const shape: HandleOut = [null];
    const dimensions: CountOut = [0];
    const values: HandleOut = [null];
    check(xgboost().api.boosterPredict(this.handle, matrix.handle, config, shape, dimensions, values));
    return copyFloats(values[0]!, matrix.rows);
  }

  /** The model in XGBoost's JSON format, its first `rounds` rounds only. */
  toJson(rounds: number): string {
    const { api } = xgboost();
    const sliced: HandleOut = [null];
    check(api.boosterSlice(this.handle, 0, rounds, 1, sliced));
    try {
      const bytes: CountOut = [0];
      const out: HandleOut = [null];
      check(api.boosterSaveToBuffer(sliced[0]!, '{"format":"json"}', bytes, out));
      return copyText(out[0]!, Number(bytes[0]));
    } finally {
      check(api.boosterFree(sliced[0]!));
    }
  }

  /** By feature name, the loss its splits saved, summed; features never split on are absent. */
  totalGains(): Map<string, number> {
    const [count, dimensions]: [CountOut, CountOut] = [[0], [0]];
    const [names, shape, scores]: [HandleOut, HandleOut, HandleOut] = [[null], [null], [null]];
    const config = '{"importance_type":"total_gain"}';
    check(xgboost().api.boosterFeatureScore(this.handle, config, count, names, dimensions, shape, scores));
    const features = Number(count[0]);
    if (features === 0) return new Map();
    const values = copyFloats(scores[0]!, features);
    return new Map(copyStrings(names[0]!, features).map((name, index) => [name, values[index]!]));
  }

  /** @throws DomainError ENGINE_FAILED once closed. */
  get handle(): Handle {
    if (this.#handle === null) throw new DomainError('ENGINE_FAILED', 'XGBoost: the booster was closed');
    return this.#handle;
  }

  close(): void {
    if (this.#handle === null) return;
    const handle = this.#handle;
    this.#handle = null;
    check(xgboost().api.boosterFree(handle));
  }
}
