import { z } from 'zod';
import { type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';
import type { PasswordCheck } from '../auth/password-check.ts';
import { SESSION_MS, type Sessions } from '../auth/sessions.ts';

export const SESSION_COOKIE = 'helios_session';
const COOKIE = { path: '/', httpOnly: true, sameSite: 'strict' } as const;
const LOGIN_ATTEMPTS_PER_MINUTE = 5;

const Done = z.strictObject({ ok: z.literal(true) });

/** Login and logout. The cookie is for this site only and out of reach for scripts. */
export function sessionRoutes(app: App, sessions: Sessions, isPassword: PasswordCheck): void {
  app.post(
    '/api/login',
    {
      config: { open: true, rateLimit: { max: LOGIN_ATTEMPTS_PER_MINUTE, timeWindow: 60_000 } },
      schema: {
        summary: 'Open a session: the answer sets a cookie',
        body: z.strictObject({ password: z.string().min(1).max(500) }),
        response: { 200: Done, ...ERROR_ANSWERS },
      },
    },
    async ({ body, protocol }, reply) => {
      if (!(await isPassword(body.password))) throw new ApiError('WRONG_PASSWORD', 'The password is wrong.');
      const options = { ...COOKIE, secure: protocol === 'https', maxAge: SESSION_MS / 1_000 };
      reply.setCookie(SESSION_COOKIE, sessions.open(), options);
      return { ok: true as const };
    },
  );
  app.post(
    '/api/logout',
    {
      schema: { summary: 'Close the session', body: z.strictObject({}), response: { 200: Done, ...ERROR_ANSWERS } },
    },
    async ({ cookies }, reply) => {
      sessions.close(cookies[SESSION_COOKIE]);
      reply.clearCookie(SESSION_COOKIE, COOKIE);
      return { ok: true as const };
    },
  );
}
