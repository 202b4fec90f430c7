/** A fault that the user can correct. The command prints its message without a stack trace and ends with code 1. */
export class Failure extends Error {
  /** @param {...string} lines what happened, why, and what to do next */
  constructor(...lines) {
    super(lines.join('\n'));
    this.name = 'Failure';
  }
}
