/** The operator ended the training with Ctrl-C; finished steps are kept. */
export class TrainingStopped extends Error {
  constructor() {
    super('The training was stopped.');
    this.name = 'TrainingStopped';
  }
}

/** Throws TrainingStopped after Ctrl-C. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new TrainingStopped();
}

/** The result of `work`, or TrainingStopped as soon as the operator stops: a run over market data goes to its end otherwise. */
export async function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new TrainingStopped());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Nobody waits for abandoned work: its end is no fault.
    work.catch(() => {});
  }
}
