/** `{ signals: { cooldown_sec: 20 } }` → `{ SIGNALS_COOLDOWN_SEC: '20' }`. */
export function environmentOf(
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Record<string, string> {
  const entries = Object.entries(settings).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, value]) => [`${section}_${key}`.toUpperCase(), String(value)]),
  );
  return Object.fromEntries(entries);
}
