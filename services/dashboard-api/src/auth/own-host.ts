import { isIP } from 'node:net';

/**
 * Whether a request's Host header names this machine: an address, a name that always means the machine itself, or the
 * host the dashboard was told to listen on. Any other name may be another site's that its owner points here, so that
 * the browser takes what we answer for that site's own (DNS rebinding); an address cannot be pointed elsewhere.
 */
export function isOwnHost(header: string | undefined, configured: string): boolean {
  const url = `http://${header}`;
  if (!header || !URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || name === configured.toLowerCase();
}
