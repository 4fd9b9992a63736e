import { Random } from '@twostage/core/random';
import { Draft, normalDraft, pointPanel, type Scenario, streams } from './scenario.ts';

/** Two patterns of eight bars, at right angles to each other and to a constant. */
const patterns = [
  [1, 1, 1, 1, -1, -1, -1, -1],
  [1, 1, -1, -1, 1, 1, -1, -1],
] as const;
const patternBars = 8;
const motifModel = { lookback: 40, startsWith: 1 / 14, amplitude: 1.8, noise: 0.7 } as const;

export const motif: Scenario = {
  summary:
    'two patterns, up or down, occur anywhere; the target counts the one and takes off the other within the last 40 bars',
  size: { symbols: 20, bars: 600 },
  lookback: motifModel.lookback,
  make(settings) {
    const draft = normalDraft(settings, ['course', 'noise']);
    const random = new Random(settings.seed, streams.events);
    const { lookback, startsWith, amplitude, noise } = motifModel;
    const truth = new Float64Array(draft.rows);
    for (let symbol = 0; symbol < settings.symbols; symbol++) {
      const first = symbol * settings.bars;
      for (let bar = 0; bar + patternBars <= settings.bars; ) {
        if (random.uniform() >= startsWith) {
          bar++;
          continue;
        }
        const kind = random.below(2);
        const side = random.below(2) * 2 - 1;
        patterns[kind]!.forEach((value, i) => {
          const row = first + bar + i;
          draft.set(0, row, draft.get(0, row) + side * amplitude * value);
        });
        // It counts from its last bar on, for as long as its first bar is in the window.
        const last = Math.min(settings.bars - 1, bar + lookback - 1);
        for (let at = bar + patternBars - 1; at <= last; at++) truth[first + at]! += kind === 0 ? 1 : -1;
        bar += patternBars;
      }
    }
    return pointPanel(draft, truth, noise);
  },
};

export const memory: Scenario = {
  summary: 'the value of a series when it was last marked, which was one bar in ten: it has to be remembered',
  size: { symbols: 20, bars: 750 },
  lookback: 24,
  make(settings) {
    const draft = normalDraft(settings, ['value', 'mark']);
    const random = new Random(settings.seed, streams.events);
    const truth = new Float64Array(draft.rows);
    for (let row = 0; row < draft.rows; row++) {
      const marked = random.uniform() < 0.1;
      draft.set(1, row, marked ? 1 : 0);
      const before = draft.barOf(row) === 0 ? 0 : truth[row - 1]!;
      truth[row] = marked ? draft.get(0, row) : before;
    }
    return pointPanel(draft, truth, 0.7);
  },
};

const retrievalBars = 16;

export const retrieval: Scenario = {
  summary: `the value of one series at the bar of the last ${retrievalBars} where another one peaked`,
  size: { symbols: 20, bars: 900 },
  lookback: retrievalBars,
  make(settings) {
    const draft = new Draft(settings, ['key', 'value', 'noise']);
    const random = new Random(settings.seed, streams.features);
    for (let i = 0; i < draft.features.length; i++) draft.features[i] = random.normal();
    const truth = Float64Array.from({ length: draft.rows }, (_, row) => {
      let peak = row;
      for (let at = row - 1; at > row - retrievalBars && at >= row - draft.barOf(row); at--) {
        if (draft.get(0, at) > draft.get(0, peak)) peak = at;
      }
      return draft.get(1, peak);
    });
    return pointPanel(draft, truth, 0.5);
  },
};

const contextFeatures = 6;

export const memoryContext: Scenario = {
  summary: 'a value last marked some bars ago, times what the current bar makes of it: memory and context multiply',
  size: { symbols: 20, bars: 900 },
  lookback: 20,
  make(settings) {
    const names = ['value', 'mark', ...Array.from({ length: contextFeatures }, (_, i) => `context${i}`)];
    const draft = normalDraft(settings, names);
    const random = new Random(settings.seed, streams.events);
    const weights = Array.from({ length: contextFeatures }, () => random.normal());
    const length = Math.hypot(...weights);
    const truth = new Float64Array(draft.rows);
    let remembered = 0;
    for (let row = 0; row < draft.rows; row++) {
      const marked = random.uniform() < 0.15;
      draft.set(1, row, marked ? 1 : 0);
      if (draft.barOf(row) === 0) remembered = 0;
      if (marked) remembered = draft.get(0, row);
      const context = weights.reduce((sum, weight, j) => sum + (weight / length) * draft.get(2 + j, row), 0);
      truth[row] = 1.5 * remembered * Math.tanh(1.5 * context);
    }
    return pointPanel(draft, truth, 0.7);
  },
};
