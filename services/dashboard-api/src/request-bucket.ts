import type { FastifyRequest } from 'fastify';
import { type Sessions, sessionKey } from './auth/sessions.ts';
import { SESSION_COOKIE } from './endpoints/session.ts';

/**
 * Whose share of requests a request uses: each session's own, else its address's. Through an ssh tunnel everybody has
 * the same address, so what another site's page makes a browser ask for counts apart; the browser sends the session's cookie
 * along where that page is of this machine, on another port.
 */
export function bucketOf(request: FastifyRequest, sessions: Sessions): string {
  const site = request.headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return `foreign page at ${request.ip}`;
  const token = request.cookies[SESSION_COOKIE];
  if (token !== undefined && sessions.isOpen(token)) return `session ${sessionKey(token)}`;
  return `address ${request.ip}`;
}
