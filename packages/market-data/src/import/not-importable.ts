import { HopelessStart } from '@helios/shared/runtime/errors.ts';

/** The file cannot be imported: it is missing, or of no known format. */
export class NotImportable extends HopelessStart {
  constructor(file: string, why: string) {
    super(
      `${file} cannot be imported: ${why}. Known formats: recordings of venue messages, \`<receive time> <JSON>\`.`,
    );
    this.name = 'NotImportable';
  }
}
