import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';
import { KNOWN_FOR_SEC, type KnownBrowsers } from '../auth/known-browsers.ts';
import type { LoginQueue } from '../auth/login-queue.ts';
import { SESSION_MS, type Sessions } from '../auth/sessions.ts';

export const SESSION_COOKIE = 'helios_session';
/** Cookie of a browser that has logged in before: it does not wait behind wrong guesses of others. */
export const BROWSER_COOKIE = 'helios_browser';
const COOKIE = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

const Done = z.strictObject({ ok: z.literal(true) });

/** Dependencies of the login routes. */
export interface Login {
  readonly sessions: Sessions;
  readonly browsers: KnownBrowsers;
  readonly queue: LoginQueue;
  readonly isPassword: (candidate: string) => Promise<boolean>;
}

/** Login and logout. Browsers send the cookies to this site only, and scripts cannot read them. */
export function sessionRoutes(app: App, login: Login): void {
  loginRoute(app, login);
  app.post(
    '/api/logout',
    {
      schema: { summary: 'Close the session', body: z.strictObject({}), response: { 200: Done, ...ERROR_ANSWERS } },
    },
    async ({ cookies }, reply) => {
      login.sessions.close(cookies[SESSION_COOKIE]);
      reply.clearCookie(SESSION_COOKIE, COOKIE);
      return { ok: true as const };
    },
  );
}

function loginRoute(app: App, { sessions, browsers, queue, isPassword }: Login): void {
  app.post(
    '/api/login',
    {
      // The login queue limits the rate.
      config: { open: true, rateLimit: false },
      schema: {
        summary:
          'Open a session: the answer sets a cookie. The answer to a wrong password comes after a growing pause.',
        body: z.strictObject({ password: z.string().min(1).max(500) }),
        response: { 200: Done, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { body, cookies, protocol } = request;
      const browser = browsers.idOf(cookies[BROWSER_COOKIE]);
      const lane = browser === undefined ? `address ${networkOf(request.ip)}` : `browser ${browser}`;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const outcome = await queue.attempt(lane, () => isPassword(body.password), gone.signal);
      if (outcome === 'CROWDED') {
        throw new ApiError('TOO_MANY_LOGINS', 'Too many passwords from your address wait to be checked.');
      }
      if (outcome !== 'RIGHT') throw new ApiError('WRONG_PASSWORD', 'The password is wrong.');
      // This also ends a stream of the browser's earlier session.
      sessions.close(cookies[SESSION_COOKIE]);
      const secure = protocol === 'https';
      reply.setCookie(SESSION_COOKIE, sessions.open(), { ...COOKIE, secure, maxAge: SESSION_MS / 1_000 });
      if (browser === undefined) {
        reply.setCookie(BROWSER_COOKIE, browsers.sign(), { ...COOKIE, secure, maxAge: KNOWN_FOR_SEC });
      }
      return { ok: true as const };
    },
  );
}

/** The network of an address. An IPv6 customer owns at least 64 bits of addresses, so these count as one. */
function networkOf(ip: string): string {
  return isIPv6(ip) && !ip.startsWith('::ffff:') ? ip.split(':').slice(0, 4).join(':') : ip;
}
