import { isIP } from 'node:net';

/**
 * True if a request's Host header names this dashboard: an IP address, a name of the local machine, or one of `names`
 * (`name` or `name:port`). The owner of any other name could point it here, and the browser would then treat our answers
 * as that site's (DNS rebinding). An IP address cannot be redirected.
 */
export function isOwnHost(header: string | undefined, names: readonly string[]): boolean {
  const url = `http://${header}`;
  if (!header || !URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return names.some((own) => own.toLowerCase().replace(/:\d+$/, '') === name);
}

/** The `host` of a page's origin, without a default port; undefined if it has none. */
export function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
