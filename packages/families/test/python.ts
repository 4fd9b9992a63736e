import { execFileSync } from 'node:child_process';

/** A Python that has `module`: PYTHON if set, else python3 or python; undefined where none has it. */
export function pythonWith(module: string): string | undefined {
  return [process.env.PYTHON, 'python3', 'python']
    .filter((candidate) => candidate !== undefined)
    .find((candidate) => {
      try {
        execFileSync(candidate, ['-c', `import ${module}`], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    });
}
