import type { Settings } from '@helios/shared/domain/settings.ts';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import { SESSION_COOKIE } from '../endpoints/session.ts';
import { hostOfOrigin, isOwnHost } from './own-host.ts';
import type { Sessions } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: needs no login. */
    open?: boolean;
  }
}

/** Maximum length of a header in a message. */
const MAX_SHOWN = 100;
/** A host with or without a port; no longer than DNS allows. */
const PLAIN_HOST = /^[a-z0-9._-]{1,253}(:\d{1,5})?$/;

/** Refuses requests without a login, and requests that another site's page sends with the operator's session. */
export function createGuard(
  sessions: Sessions,
  { login, host, public_hosts }: Pick<Settings['dashboard'], 'login' | 'host' | 'public_hosts'>,
): (request: FastifyRequest) => Promise<void> {
  const ownNames = [host, ...public_hosts];
  return async (request) => {
    if (!isOwnHost(request.headers.host, ownNames)) throw foreignHost(request.headers.host);
    if (request.method !== 'GET') mustBeOwnPage(request, public_hosts);
    if (!login || request.routeOptions.config?.open === true) return;
    if (sessions.isOpen(request.cookies[SESSION_COOKIE])) return;
    throw new ApiError('LOGIN_REQUIRED', 'This request needs a login.');
  };
}

/** The error for a foreign Host header. Names the value for the setting, if the header is a valid host name. */
function foreignHost(header: string | undefined): ApiError {
  if (!header) return new ApiError('FOREIGN_HOST', 'The request has no Host header, so the dashboard refuses it.');
  const name = hostOfOrigin(`http://${header}`);
  if (name === undefined || !PLAIN_HOST.test(name))
    return new ApiError(
      'FOREIGN_HOST',
      'The Host header of the request is not a host name, so the dashboard refuses it.',
    );
  return new ApiError(
    'FOREIGN_HOST',
    `“${name}” is not a known name of this dashboard, so the dashboard refuses the request. If the name is yours, add it to dashboard.public_hosts=${name} (DASHBOARD_PUBLIC_HOSTS), and keep the names already there.`,
  );
}

/**
 * Requires JSON and our own Origin. A form of another site cannot send JSON without a preflight, and a browser names the
 * page's origin. This adds to the cookie's SameSite, and also protects when login is off.
 */
function mustBeOwnPage({ headers }: FastifyRequest, publicHosts: readonly string[]): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) throw new ApiError('NOT_JSON', 'The request body must be JSON.');
  const { origin, host } = headers;
  if (origin === undefined) return;
  const page = hostOfOrigin(origin);
  if (page !== undefined && (page === host || publicHosts.some((own) => own.toLowerCase() === page))) return;
  const shown = (page ?? origin).slice(0, MAX_SHOWN);
  const received = host?.slice(0, MAX_SHOWN);
  throw new ApiError(
    'CROSS_SITE',
    `The page is open as ${shown}, but the request arrived for ${received}: either another site sent it, or a proxy in front changes the Host header. If it is your proxy, set dashboard.public_hosts=${shown} (DASHBOARD_PUBLIC_HOSTS), or let it pass Host on unchanged (nginx: proxy_set_header Host $http_host).`,
  );
}
