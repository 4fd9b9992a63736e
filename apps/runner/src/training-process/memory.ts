import { readFileSync } from 'node:fs';
import pidusage from 'pidusage';

export interface MemoryReading {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

/** Resident memory of one process; null once it is gone. On Linux the kernel's own high-water mark, elsewhere the reading itself. */
export async function readMemory(pid: number): Promise<MemoryReading | null> {
  if (process.platform === 'linux') return readProcStatus(pid);
  try {
    const { memory } = await pidusage(pid);
    return { rssBytes: memory, peakRssBytes: memory };
  } catch {
    return null;
  }
}

function readProcStatus(pid: number): MemoryReading | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const bytes = (key: string) =>
      Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
    const [rssBytes, peakRssBytes] = [bytes('VmRSS'), bytes('VmHWM')];
    // A zombie has no Vm lines.
    return Number.isFinite(rssBytes) ? { rssBytes, peakRssBytes } : null;
  } catch {
    return null;
  }
}

/** Polling is cheap where it is one small read, and a process start elsewhere. */
export const memoryPollMs = process.platform === 'linux' ? 100 : 1000;
