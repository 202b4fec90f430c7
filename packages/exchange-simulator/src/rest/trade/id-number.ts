/** JSON.rawJSON writes a text unquoted into JSON; TypeScript's library does not know it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** An id as a JSON number of any size: since 2025 the venue's ids exceed 2^53. */
export function idNumber(id: bigint): unknown {
  return rawJSON(String(id));
}
