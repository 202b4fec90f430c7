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
