/** Why a text is not a message of the venue: not JSON, a missing or malformed field, or an integer that JSON cannot carry exactly. */
export type WireFaultCode = 'NOT_JSON' | 'BAD_FIELD' | 'UNSAFE_INTEGER';

/** An unusable message as a value: bad input is counted, never thrown. */
export interface WireFault {
  readonly kind: 'FAULT';
  readonly code: WireFaultCode;
  /** One sentence for the log. */
  readonly detail: string;
}

/** A fault that names the message, the field and its value. */
export function badField(message: string, field: string, value: unknown): WireFault {
  const shown = value === undefined ? 'nothing' : String(JSON.stringify(value)).slice(0, 60);
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const detail = `${message}: ${field} is ${shown}, above 2^53: JSON lost digits`;
    return { kind: 'FAULT', code: 'UNSAFE_INTEGER', detail };
  }
  return { kind: 'FAULT', code: 'BAD_FIELD', detail: `${message}: ${field} is ${shown}` };
}
