import type { Settings } from '@helios/shared/domain/settings.ts';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import { SESSION_COOKIE } from '../endpoints/session.ts';
import { isOwnHost } from './own-host.ts';
import type { Sessions } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: needs no login. */
    open?: boolean;
  }
}

/** Refuses what is not logged in, and what another site's page sends or reads in the operator's name. */
export function createGuard(
  sessions: Sessions,
  { login, host }: Pick<Settings['dashboard'], 'login' | 'host'>,
): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    // With a login the cookie does this: a browser keeps it for the name that it logged in under.
    if (!login && !isOwnHost(request.headers.host, host)) {
      throw new ApiError('FOREIGN_HOST', `${request.headers.host || 'A request without a Host'} is not this machine.`);
    }
    if (request.method !== 'GET') mustBeOwnPage(request);
    if (!login || request.routeOptions.config?.open === true) return;
    if (sessions.isOpen(request.cookies[SESSION_COOKIE])) return;
    throw new ApiError('LOGIN_REQUIRED', 'This needs a login.');
  };
}

/**
 * A form of another site cannot send JSON without asking first, and a browser names the site it speaks for: both are
 * demanded besides the cookie's SameSite, which also holds where login is off.
 */
function mustBeOwnPage({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) throw new ApiError('NOT_JSON', 'The request body must be JSON.');
  const { origin, host } = headers;
  if (origin !== undefined && hostOf(origin) !== host) {
    throw new ApiError('CROSS_SITE', `A page of ${origin} may not send commands.`);
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
