const SECRET_KEY = /pass(word|phrase)|secret|api[-_]?key|token|authorization|signature|cookie|connection_string/i;
const MASK = '[hidden]';
const DEEPEST = 6;
/** Shorter values would mask ordinary words. */
const SHORTEST_SECRET = 6;

/** Hides secrets in what is logged: by the name of their field, and by their value wherever it appears. */
export interface Redactor {
  /** From now on this value is hidden in every string. Values under six characters are ignored. */
  addSecret(value: string): void;
  text(text: string): string;
  /** A copy fit for a log: secrets hidden, errors as objects, cycles and depths cut. */
  fields(fields: object): Record<string, unknown>;
}

/** Starts without known values; fields with telling names are hidden from the start. */
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
    if (depth >= DEEPEST) return '[deep]';
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
      if (secret.length >= SHORTEST_SECRET) secrets.add(secret);
    },
    text,
    fields: (fields) =>
      (fields instanceof Error ? { error: value(fields, 0) } : ofObject(fields, 0)) as Record<string, unknown>,
  };
}
