import { isIP } from 'node:net';

/**
 * Whether a request's Host header names this dashboard: an address, a name that always means the machine itself, or one
 * of `names` (`name` or `name:port`). Any other name may be another site's that its owner points here, so that the
 * browser takes what we answer for that site's own (DNS rebinding); an address cannot be pointed elsewhere.
 */
export function isOwnHost(header: string | undefined, names: readonly string[]): boolean {
  const url = `http://${header}`;
  if (!header || !URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return names.some((own) => own.toLowerCase().replace(/:\d+$/, '') === name);
}

/** The `host` of a page's origin (a default port is left out); undefined where it has none. */
export function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
