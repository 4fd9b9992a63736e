import type { FigureInput } from '@twostage/core/runs/figures';

const day = 86_400_000;
const bars = 300;
const times = Array.from({ length: bars }, (_, i) => Date.UTC(2016, 0, 4) + i * 2 * day);
const wave = (i: number, period: number) => Math.sin((2 * Math.PI * i) / period);
const close = times.map((_, i) => 100 + 0.08 * i + 9 * wave(i, 140) + 2 * wave(i, 17));
const forecast = times.map((_, i) => 0.004 * wave(i, 60));
const half = times.map((_, i) => 0.012 + 0.006 * wave(i, 90));
const observed = times.map((_, i) => (i % 37 === 0 ? null : 0.02 * wave(i * i, 31) * (0.7 + 0.5 * wave(i, 90))));
const calm = times.map((_, i) => 1 / (1 + Math.exp(-6 * wave(i, 120))));

/** One figure of every kind as families make them, a deterministic shape each; drawn in tests. */
export const exampleFigures: readonly FigureInput[] = [
  {
    kind: 'bars',
    title: 'Coefficients',
    help: 'Weights on standardised features.',
    items: Array.from({ length: 22 }, (_, i) => ({ label: `feature_${i}`, value: (i % 3 === 0 ? -1 : 1) * 0.9 ** i })),
  },
  {
    kind: 'bars',
    title: 'IC by horizon',
    help: 'How long a forecast keeps its worth.',
    items: [
      { label: '1 bar', value: 0.031, error: 0.012 },
      { label: '5 bars', value: 0.012, error: 0.02 },
      { label: '20 bars', value: -0.01 },
    ],
  },
  {
    kind: 'lines',
    title: 'Generator against discriminator',
    xLabel: 'Step',
    yLabel: 'Loss',
    series: ['generator', 'discriminator'].map((name, s) => ({
      name,
      x: times.map((_, i) => i * 10),
      y: times.map((_, i) => 0.7 + (s === 0 ? 1 : -1) * 0.4 * Math.exp(-i / 80) + 0.03 * wave(i, 11)),
    })),
  },
  {
    kind: 'lines',
    title: 'Reward and turnover',
    xLabel: 'Bar',
    yLabel: 'Share',
    xKind: 'time',
    series: [{ name: 'net', x: times, y: close.map((value) => value / 100 - 1) }],
  },
  {
    kind: 'interval',
    title: 'Forecast and interval',
    help: 'Eight of ten outcomes should lie inside.',
    symbol: 'AAPL',
    nominal: 0.8,
    times,
    low: forecast.map((value, i) => value - half[i]!),
    middle: forecast,
    high: forecast.map((value, i) => value + half[i]!),
    observed,
  },
  {
    kind: 'calibration',
    title: 'Calibration',
    nominal: [0.05, 0.25, 0.5, 0.75, 0.95],
    observed: [0.08, 0.27, 0.5, 0.72, 0.93],
  },
  {
    kind: 'reliability',
    title: 'Probability of a rise, and how often it came',
    bins: [
      { forecast: 0.43, observed: 0.46, error: 0.03, rows: 310 },
      { forecast: 0.52, observed: 0.53, error: 0.01, rows: 2400 },
      { forecast: 0.61, observed: 0.56, error: 0.04, rows: 180 },
    ],
    baseRate: 0.53,
  },
  {
    kind: 'histogram',
    title: 'Probability integral transform',
    help: 'Flat when calibrated.',
    xLabel: 'Place in the forecast distribution',
    edges: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    counts: [140, 105, 96, 91, 88, 92, 94, 99, 108, 131],
    expected: 104.4,
  },
  {
    kind: 'regimes',
    title: 'Regimes on the price',
    symbol: 'AAPL',
    times,
    close,
    names: ['calm', 'stormy'],
    state: calm.map((share, i) => (i < 5 ? null : share > 0.5 ? 0 : 1)),
    posteriors: [calm, calm.map((share) => 1 - share)],
  },
  {
    kind: 'breaks',
    title: 'Breaks of the relation',
    symbol: 'AAPL',
    times,
    close,
    breaks: [
      { time: times[60]!, strength: 0.9 },
      { time: times[150]!, strength: 0.5 },
      { time: times[158]!, strength: null },
    ],
  },
  {
    kind: 'heatmap',
    title: 'Attention by lag',
    rows: Array.from({ length: 8 }, (_, i) => `head ${i + 1}`),
    columns: Array.from({ length: 20 }, (_, j) => `t−${20 - j}`),
    values: Array.from({ length: 8 }, (_, i) => Array.from({ length: 20 }, (_, j) => Math.abs(wave(i * 5 + j, 23)))),
  },
  {
    kind: 'table',
    title: 'Task weights',
    columns: ['Task', 'Weight', 'Validation loss'],
    rows: [
      ['fwd_ret_1d', 0.52, 0.98],
      ['fwd_ret_5d', 0.31, 0.994],
      ['fwd_ret_20d', 0.17, null],
    ],
  },
];
