const PARENT_CHECK_MS = 500;

/**
 * Aborts when this process is to stop: Ctrl-C, SIGTERM, a closed terminal, and, with `withParent`, when the process that
 * started it is gone. Asking twice changes nothing: everything is stopped in order, within seconds, or killed.
 */
export function stopSignal({ withParent }: { withParent: boolean }): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Nobody is left to read what is printed: that is no reason to end out of order.
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
