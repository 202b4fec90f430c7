/** Sixteen digits in a row may be more than a double holds; most answers have none, and parse faster without a reviver. */
const LONG_NUMBER = /\d{16}/;

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Parses JSON of the venue. A whole number that a double cannot hold becomes its text: since 2025 ids exceed 2^53.
 * @throws SyntaxError if the text is not JSON
 */
export function parseVenueJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) : JSON.parse(text);
}

const keepDigits: Reviver = (_key, value, { source }) =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && source !== undefined
    ? source
    : value;
