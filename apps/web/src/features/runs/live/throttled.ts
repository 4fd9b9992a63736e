type Subscribe = (listener: () => void) => () => void;

/** Tells a listener at most every `everyMs`, and always of the last change. */
export const throttled =
  (subscribe: Subscribe, everyMs: number): Subscribe =>
  (listener) => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let toldAt = Number.NEGATIVE_INFINITY;
    const unsubscribe = subscribe(() => {
      timer ??= setTimeout(
        () => {
          timer = null;
          toldAt = performance.now();
          listener();
        },
        Math.max(0, toldAt + everyMs - performance.now()),
      );
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    };
  };
