import type { FastifyRequest } from 'fastify';
import { type Sessions, sessionKey } from './auth/sessions.ts';
import { SESSION_COOKIE } from './endpoints/session.ts';

/**
 * Whose share of requests a request uses: each session's own, else its address's. Through an ssh tunnel everybody has
 * the same address, so what another site's page makes a browser ask for counts apart.
 */
export function bucketOf(request: FastifyRequest, sessions: Sessions): string {
  const token = request.cookies[SESSION_COOKIE];
  if (token !== undefined && sessions.isOpen(token)) return `session ${sessionKey(token)}`;
  const site = request.headers['sec-fetch-site'];
  const isForeign = site === 'cross-site' || site === 'same-site';
  return `${isForeign ? 'foreign page at' : 'address'} ${request.ip}`;
}
