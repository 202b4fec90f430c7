const SECRET_KEY = /pass(word|phrase)|secret|api[-_]?key|token|authorization|signature|cookie|connection_string/i;
const MASK = '[hidden]';
const MAX_DEPTH = 6;
/** Shorter values would mask ordinary words. */
const MIN_SECRET_LENGTH = 6;

/** Hides secrets in log lines, by field name and by value. */
export interface Redactor {
  /** Hides this value in every later string. Ignores values under six characters. */
  addSecret(value: string): void;
  text(text: string): string;
  /** A copy for the log: secrets hidden, errors as objects, cycles and deep levels cut. */
  fields(fields: object): Record<string, unknown>;
}

/** Starts without known values. Hides fields with the name of a secret from the start. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();

  function text(plain: string): string {
    let hidden = plain;
    for (const secret of secrets) if (hidden.includes(secret)) hidden = hidden.replaceAll(secret, MASK);
    return hidden;
  }

  function value(raw: unknown, depth: number): unknown {
    if (typeof raw === 'string') return text(raw);
    if (typeof raw === 'bigint') return raw.toString();
    if (typeof raw !== 'object' || raw === null) return raw;
    if (depth >= MAX_DEPTH) return '[deep]';
    if (raw instanceof Error) return ofError(raw, depth);
    if (Array.isArray(raw)) return raw.map((item) => value(item, depth + 1));
    return ofObject(raw, depth);
  }

  function ofObject(raw: object, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(raw)) {
      const hide = SECRET_KEY.test(key) && item !== undefined && item !== '';
      copy[text(key)] = hide ? MASK : value(item, depth + 1);
    }
    return copy;
  }

  function ofError(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    return {
      ...ofObject({ ...error }, depth),
      name,
      message: text(message),
      ...(stack ? { stack: text(stack) } : {}),
      ...(cause === undefined ? {} : { cause: value(cause, depth + 1) }),
    };
  }

  return {
    addSecret(secret) {
      if (secret.length >= MIN_SECRET_LENGTH) secrets.add(secret);
    },
    text,
    fields: (fields) =>
      (fields instanceof Error ? { error: value(fields, 0) } : ofObject(fields, 0)) as Record<string, unknown>,
  };
}
