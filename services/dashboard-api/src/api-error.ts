import { z } from 'zod';

/** Every error of the API: stable code, HTTP status, what the caller can do. */
export const API_ERRORS = {
  BAD_JSON: { status: 400, action: 'Send a JSON object with Content-Type: application/json.' },
  BAD_REQUEST: {
    status: 400,
    action: 'Correct the fields that the message names. GET /api/openapi.json describes them.',
  },
  LOGIN_REQUIRED: { status: 401, action: 'Log in: POST /api/login with {"password": "…"}.' },
  WRONG_PASSWORD: {
    status: 401,
    action:
      'Try again, or set DASHBOARD_PASSWORD and restart. A generated password was shown at the first start; in compose it is in .helios/dashboard-password of dashboard-api.',
  },
  CROSS_SITE: {
    status: 403,
    action: 'Restart the dashboard after changing a setting. A script sends the request without an Origin header.',
  },
  FOREIGN_HOST: {
    status: 403,
    action:
      'Open the page by an address or by localhost, or set dashboard.public_hosts (DASHBOARD_PUBLIC_HOSTS) and restart.',
  },
  NOT_FOUND: { status: 404, action: 'GET /api/openapi.json lists all endpoints.' },
  COMMAND_ID_REUSED: { status: 409, action: 'Use a new command_id for a new command.' },
  START_REFUSED: {
    status: 409,
    action: 'Mend each reason that the message names, then press Start again. Open positions stay protected meanwhile.',
  },
  LEDGER_LOST: {
    status: 409,
    action: 'Follow the alert LEDGER_LOST: restore the ledger or accept a new one (docs/ledger.md), then press Start.',
  },
  ACCOUNT_NOT_RESET: {
    status: 409,
    action: 'The message says why, and what to do. GET /api/accounts lists the accounts.',
  },
  TOO_LARGE: { status: 413, action: 'Send a smaller body: no request needs more than 16 kB.' },
  NOT_JSON: { status: 415, action: 'Send a JSON object with Content-Type: application/json.' },
  TOO_MANY_REQUESTS: { status: 429, action: 'Wait a minute, then try again. Start, Stop and Flatten work meanwhile.' },
  TOO_MANY_LOGINS: {
    status: 429,
    action:
      'Somebody tries many passwords from your address. Try again at once: each try may succeed. A browser that has logged in before does not wait in this queue.',
  },
  INTERNAL: {
    status: 500,
    action: 'This is a bug in Helios. The cause is in logs/helios.log (service dashboard-api); please report it.',
  },
  REDIS_FAULT: { status: 500, action: 'The message says what Redis refused, and what to do.' },
  REDIS_UNAVAILABLE: {
    status: 503,
    action: 'The message names the cause. Everything continues by itself once Redis is back.',
  },
  METRICS_UNAVAILABLE: {
    status: 503,
    action:
      'The supervisor restarts monitoring-agent, and metrics come back within seconds. If not, read its last lines in logs/helios.log and restart the fleet (compose: docker compose restart monitoring-agent).',
  },
  TOO_MANY_STREAMS: { status: 503, action: 'Close other pages that show this dashboard, then reload.' },
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** The body of every error answer. */
export const ErrorBody = z.strictObject({ code: z.string(), message: z.string(), action: z.string() });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Thrown by a route to answer with one of the errors above. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }

  get status(): number {
    return API_ERRORS[this.code].status;
  }

  get body(): ErrorBody {
    return { code: this.code, message: this.message, action: API_ERRORS[this.code].action };
  }
}
