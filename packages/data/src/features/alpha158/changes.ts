import { epsilon, historyBars, rollingColumn, windows } from './catalogue.ts';
import type { BarHistory } from './history.ts';

const [cntp, cntn, cntd] = (['CNTP', 'CNTN', 'CNTD'] as const).map(rollingColumn) as [number, number, number];
const [sump, sumn, sumd] = (['SUMP', 'SUMN', 'SUMD'] as const).map(rollingColumn) as [number, number, number];
const [vsump, vsumn, vsumd] = (['VSUMP', 'VSUMN', 'VSUMD'] as const).map(rollingColumn) as [number, number, number];

/**
 * How often the close rose and fell in each window, and by how much of all its movement; the latter of the volume too.
 * A symbol's first bar counts as neither risen nor fallen, as a comparison with a missing value does.
 */
export function changes(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  counts(history, rows, into, at);
  shares(history, rows, into, at);
}

/** Whole numbers slide without rounding. */
function counts({ age, gain, loss }: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  for (let w = 0; w < windows.length; w++) {
    const d = windows[w]!;
    const [up, down, net] = [into[cntp + w]!, into[cntn + w]!, into[cntd + w]!];
    let risen = 0;
    let fallen = 0;
    for (let i = historyBars - Math.min(age, d); i < historyBars; i++) {
      if (gain[i]! > 0) risen++;
      if (loss[i]! > 0) fallen++;
    }
    for (let r = 0; r < rows; r++) {
      const i = historyBars + r;
      if (gain[i]! > 0) risen++;
      if (loss[i]! > 0) fallen++;
      const seen = age + r + 1;
      if (seen > d && gain[i - d]! > 0) risen--;
      if (seen > d && loss[i - d]! > 0) fallen--;
      const n = Math.min(d, seen);
      up[at + r] = risen / n;
      down[at + r] = fallen / n;
      net[at + r] = risen / n - fallen / n;
    }
  }
}

function shares(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const { age, gain, loss } = history;
  const { values: volumeGain, mask } = history.volumeGain;
  const volumeLoss = history.volumeLoss.values;
  // Bars since the last one whose change of volume is known.
  let unknown = 0;
  while (unknown < age && mask[historyBars - 1 - unknown] === 0) unknown++;
  for (let r = 0; r < rows; r++) {
    const i = historyBars + r;
    const row = at + r;
    unknown = mask[i] === 1 ? 0 : unknown + 1;
    let k = 0;
    let gained = 0;
    let lost = 0;
    let volumeGained = 0;
    let volumeLost = 0;
    for (let w = 0; w < windows.length; w++) {
      const n = Math.min(windows[w]!, age + r + 1);
      for (; k < n; k++) {
        gained += gain[i - k]!;
        lost += loss[i - k]!;
        volumeGained += volumeGain[i - k]!;
        volumeLost += volumeLoss[i - k]!;
      }
      const all = n > 1 ? gained + lost + epsilon : Number.NaN;
      into[sump + w]![row] = gained / all;
      into[sumn + w]![row] = lost / all;
      into[sumd + w]![row] = (gained - lost) / all;
      const volumeAll = unknown < n ? volumeGained + volumeLost + epsilon : Number.NaN;
      into[vsump + w]![row] = volumeGained / volumeAll;
      into[vsumn + w]![row] = volumeLost / volumeAll;
      into[vsumd + w]![row] = (volumeGained - volumeLost) / volumeAll;
    }
  }
}
