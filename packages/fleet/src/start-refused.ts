import { HopelessStart } from '@helios/shared/runtime/errors.ts';

/** A start that cannot continue. The message says what happened, why, and what to do; it is shown without a stack trace. */
export class StartRefused extends HopelessStart {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'StartRefused';
  }
}
