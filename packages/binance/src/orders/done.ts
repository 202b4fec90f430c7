import { isLoose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** Parses `{ code: 200, msg }`, the answer to requests that return nothing else. The venue also writes the code as text. */
export function parseDone(json: unknown): 'DONE' | WireFault {
  const code = isLoose(json) ? json['code'] : undefined;
  return code === 200 || code === '200' ? 'DONE' : badField('answer', 'code', code);
}
