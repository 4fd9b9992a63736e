import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Peer {
  readonly version: string;
  readonly ask: <T>(question: 'fit' | 'predict') => Promise<T>;
  readonly end: () => void;
}

/** Python as a server: one line asks, one line answers. */
export async function startPeer(interpreter: string, folder: string): Promise<Peer> {
  const script = fileURLToPath(new URL('peer.py', import.meta.url));
  const child = spawn(interpreter, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`Python ended: does ${interpreter} have the family's library?`);
    return JSON.parse(value) as T;
  };
  const { version } = await answer<{ version: string }>();
  return {
    version,
    ask: (question) => {
      child.stdin.write(`${question}\n`);
      return answer();
    },
    end: () => child.stdin.end(),
  };
}
