/** Wraps a command that returns its exit code. */
export const exitingWith =
  <Arguments extends unknown[]>(run: (...given: Arguments) => Promise<number>) =>
  async (...given: Arguments): Promise<void> => {
    process.exitCode = await run(...given);
  };
