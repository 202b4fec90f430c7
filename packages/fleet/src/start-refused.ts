import { HopelessStart } from '@helios/shared/runtime/errors.ts';

/** A start that cannot go on, with what happened, why, and what to do; shown as it is, without a stack. */
export class StartRefused extends HopelessStart {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'StartRefused';
  }
}
