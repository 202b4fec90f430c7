const PARENT_CHECK_MS = 500;

/**
 * Aborts when this process must stop: on Ctrl-C, SIGTERM or a closed terminal, and, with `withParent`, when its parent
 * process is gone. A second signal has no effect: all processes stop in order within seconds, or are killed.
 */
export function stopSignal({ withParent }: { withParent: boolean }): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // If nobody reads the output any more, stop in order all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (withParent) {
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid !== parent) stop();
    }, PARENT_CHECK_MS);
    timer.unref();
  }
  return controller.signal;
}
