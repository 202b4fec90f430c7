/** Values that differ on every run: times and ids. Only their kind is compared. */
const VARIABLE = new Set(['T', 'E', 't', 'i']);

/** How messages differ from captured ones in fields, order of fields, types and texts; `1 o.q: "1" → "2"` is one of message 1. */
export function differences(captured: readonly unknown[], ours: readonly unknown[]): string[] {
  const found = captured.flatMap((message, at) => compare(message, ours[at], `${at}`));
  return captured.length === ours.length ? found : [...found, `${captured.length} → ${ours.length} messages`];
}

function compare(captured: unknown, ours: unknown, path: string): string[] {
  if (!isObject(captured) || !isObject(ours))
    return JSON.stringify(captured) === JSON.stringify(ours) ? [] : [told(path, captured, ours)];
  const names = Object.keys(captured);
  const ourNames = Object.keys(ours);
  const shared = ourNames.filter((name) => names.includes(name));
  const order = names.filter((name) => ourNames.includes(name));
  const found = shared.join() === order.join() ? [] : [`${path} order of fields: ${order.join()} → ${shared.join()}`];
  const all = [...names, ...ourNames.filter((name) => !names.includes(name))];
  return [...found, ...all.flatMap((name) => compareField(captured[name], ours[name], name, path))];
}

function compareField(captured: unknown, ours: unknown, name: string, path: string): string[] {
  const at = path.includes(' ') ? `${path}.${name}` : `${path} ${name}`;
  if (VARIABLE.has(name) && isId(captured) && isId(ours)) return [];
  return compare(captured, ours, at);
}

/** A number, or the digits of one above 2^53. */
function isId(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{16,}$/.test(value));
}

function told(path: string, captured: unknown, ours: unknown): string {
  const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `${path}: ${text(captured)} → ${text(ours)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
