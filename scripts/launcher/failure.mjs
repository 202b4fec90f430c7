/** A fault the user can mend: printed as it stands, without a stack, and the command ends with code 1. */
export class Failure extends Error {
  /** @param {...string} lines what happened, why, and what to type next */
  constructor(...lines) {
    super(lines.join('\n'));
    this.name = 'Failure';
  }
}
