import type { FastifyRequest } from 'fastify';
import { type Sessions, sessionKey } from './auth/sessions.ts';
import { SESSION_COOKIE } from './endpoints/session.ts';

/**
 * The rate limit bucket of a request: one per session, else one per address. Requests from a page of another site have
 * their own bucket: through an ssh tunnel all users share one address, and a page on another port of this machine gets
 * the session's cookie sent along.
 */
export function bucketOf(request: FastifyRequest, sessions: Sessions): string {
  const site = request.headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return `foreign page at ${request.ip}`;
  const token = request.cookies[SESSION_COOKIE];
  if (token !== undefined && sessions.isOpen(token)) return `session ${sessionKey(token)}`;
  return `address ${request.ip}`;
}
