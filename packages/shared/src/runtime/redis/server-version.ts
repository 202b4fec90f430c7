/** The first version with XTRIM … MINID, which streams need, and all commands of BullMQ. */
const MIN_VERSION = [6, 2] as const;

export const MIN_REDIS_VERSION = MIN_VERSION.join('.');

/** True if a server of this version lacks commands that Helios needs. An unknown version passes. */
export function isRedisTooOld(version: string | undefined): boolean {
  if (version === undefined) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1]);
}
