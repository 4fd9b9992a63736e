import { stripVTControlCharacters } from 'node:util';

const maxLineChars = 2000;

/**
 * A child's output as one harmless line: no colours, no control characters (PostgreSQL's JSON refuses NUL), no half of
 * a surrogate pair, at most 2,000 characters.
 */
export function cleanLine(raw: string): string {
  const line = stripVTControlCharacters(raw)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  if (line.length <= maxLineChars) return line;
  const splitsPair = /[\ud800-\udbff]/.test(line[maxLineChars - 1]!);
  const kept = line.slice(0, splitsPair ? maxLineChars - 1 : maxLineChars);
  return `${kept}… (${line.length.toLocaleString('en-US')} characters)`;
}

/** TensorFlow writes these to stderr at every load, whatever its settings, before it can be told how much to say. */
const banners = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called/,
  /port\.cc:\d+\] oneDNN custom operations are on/,
];

/** A line that says nothing about this training; the log file keeps it. */
export const isBanner = (line: string): boolean => banners.some((banner) => banner.test(line));

/** Cuts a stream of text into lines at \n, \r\n or \r (progress bars), holding no more than `maxHeldChars` of an unfinished one. */
export class LineSplitter {
  #held = '';
  constructor(
    readonly onLine: (line: string) => void,
    readonly maxHeldChars = 64 * 1024,
  ) {}

  push(text: string): void {
    const lines = text.split(/\r\n|[\r\n]/);
    lines[0] = this.#held + lines[0];
    this.#held = lines.pop()!;
    for (const line of lines) if (line !== '') this.onLine(line);
    if (this.#held.length > this.maxHeldChars) this.end();
  }

  end(): void {
    const last = this.#held;
    this.#held = '';
    if (last !== '') this.onLine(last);
  }
}

/** Lets bursts through and thins a flood: `burst` lines at once, then `perSecond`, and says how many were left out. */
export class LineThrottle {
  #tokens: number;
  #lastMs = 0;
  #leftOut = 0;
  constructor(
    readonly onLine: (line: string) => void,
    readonly where: string,
    readonly now: () => number = Date.now,
    readonly burst = 200,
    readonly perSecond = 10,
  ) {
    this.#tokens = burst;
    this.#lastMs = now();
  }

  push(line: string): void {
    const now = this.now();
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#lastMs) / 1000) * this.perSecond);
    this.#lastMs = now;
    if (this.#tokens < 1) {
      this.#leftOut++;
      return;
    }
    this.#tokens--;
    this.#sayLeftOut();
    this.onLine(line);
  }

  end(): void {
    this.#sayLeftOut();
  }

  #sayLeftOut(): void {
    if (this.#leftOut === 0) return;
    this.onLine(`… ${this.#leftOut.toLocaleString('en-US')} lines left out here; see ${this.where}`);
    this.#leftOut = 0;
  }
}
