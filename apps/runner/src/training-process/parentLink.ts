import koffi from 'koffi';

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Ties this process to its parent: a runner that is killed leaves no child behind to hold a GPU or write into a run
 * that another runner has taken up. On Linux the kernel does it, even in the midst of a native call; elsewhere, and in
 * addition, the end of stdin is watched, which takes effect between two steps.
 */
export function dieWithParent(parentPid: number): void {
  process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1));
  process.stdin.resume();
  (process.stdin as { unref?: () => void }).unref?.();
  if (process.platform !== 'linux') return;
  const prctl = koffi
    .load(null)
    .func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  // It may have died before the call.
  if (process.ppid !== parentPid) process.exit(1);
}
