import { closeSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { messageOf } from '@twostage/core/errors';
import { cleanLine, isBanner, LineSplitter, LineThrottle } from './text.ts';

/** A child that floods its output may not fill the disk. */
const maxFileBytes = 64 * 1024 * 1024;

const errorLine = /^\S*Error\b[^:]*: /;
/** What Node prints around an uncaught error. */
const stackLine = /^\s+at |^node:|^Node\.js v|^[\s{}^~|]*$|^\s*triggerUncaughtException|^\s+code: /;

export interface OutputLog {
  /** The last line that says something, cleaned: the last `…Error: …` if there is one, else the last that is no part of a stack. */
  lastTellingLine(): string | null;
  /** Closes the file; call it after the stream has ended. */
  end(): void;
}

/**
 * Keeps a child's stdout or stderr: every byte in a file (up to 64 MB), and its lines, cleaned and thinned, to `onLine`.
 * The stream is always read to its end, so that a child never blocks on a full pipe.
 */
export function keepOutput(
  stream: Readable,
  file: string,
  fileName: string,
  onLine: (line: string) => void,
): OutputLog {
  const fd = openSync(file, 'w');
  let written = 0;
  let last: string | null = null;
  let lastError: string | null = null;
  const decoder = new StringDecoder('utf8');
  const throttle = new LineThrottle(onLine, fileName);
  const splitter = new LineSplitter((raw) => {
    const line = cleanLine(raw);
    if (line.trim() === '' || isBanner(line)) return;
    if (errorLine.test(line)) lastError = line;
    else if (!stackLine.test(line)) last = line;
    throttle.push(line);
  });
  stream.on('data', (chunk: Buffer) => {
    if (written < maxFileBytes) {
      written += chunk.length;
      try {
        writeSync(fd, chunk);
        if (written >= maxFileBytes) writeSync(fd, `\n… cut here: more than ${maxFileBytes / 2 ** 20} MB of output\n`);
      } catch (error) {
        // A full disk costs the rest of this log, not the run.
        written = maxFileBytes;
        onLine(`${fileName} ends here: ${messageOf(error)}`);
      }
    }
    splitter.push(decoder.write(chunk));
  });
  // A destroyed pipe is reported by the child's end, not here.
  stream.on('error', () => {});
  return {
    lastTellingLine: () => lastError ?? last,
    end() {
      splitter.push(decoder.end());
      splitter.end();
      throttle.end();
      closeSync(fd);
    },
  };
}
