import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import statics from '@fastify/static';
import swagger from '@fastify/swagger';
import { Throttle } from '@helios/core/time/throttle.ts';
import fastify from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Api, App } from './api.ts';
import { ApiError, type ErrorBody } from './api-error.ts';
import { createGuard } from './auth/guard.ts';
import type { Sessions } from './auth/sessions.ts';
import { accountRoute } from './endpoints/account.ts';
import { accountsRoutes } from './endpoints/accounts.ts';
import { alertsRoute } from './endpoints/alerts.ts';
import { configRoute } from './endpoints/config.ts';
import { controlRoute } from './endpoints/control.ts';
import { decisionsRoute } from './endpoints/decisions.ts';
import { healthRoutes } from './endpoints/health.ts';
import { klinesRoute } from './endpoints/klines.ts';
import { logsRoute } from './endpoints/logs.ts';
import { metricsRoute } from './endpoints/metrics.ts';
import { ordersRoute } from './endpoints/orders.ts';
import { pageRoutes } from './endpoints/page.ts';
import { performanceRoute } from './endpoints/performance.ts';
import { positionsRoute } from './endpoints/positions.ts';
import { pricesRoute } from './endpoints/prices.ts';
import { type Login, SESSION_COOKIE, sessionRoutes } from './endpoints/session.ts';
import { stateRoute } from './endpoints/state.ts';
import { streamRoute } from './endpoints/stream.ts';
import { watchlistRoute } from './endpoints/watchlist.ts';
import { knownError } from './error-answer.ts';
import type { PushHub } from './push/push-hub.ts';
import { bucketOf } from './request-bucket.ts';
import { limitVisitors } from './visitor-limit.ts';

const BODY_LIMIT = 16_384;
const REQUESTS_PER_MINUTE = 600;
/** Maximum time for a request's head, and for the whole request; milliseconds. */
const HEAD_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const CHECK_EVERY_MS = 1_000;
const LOG_EVERY_MS = 60_000;
const PAGE_FOLDER = new URL('../public/', import.meta.url);

/** Dependencies of the app. */
export interface AppParts {
  readonly api: Api;
  readonly hub: PushHub;
  readonly login: Login;
}

/** Builds the HTTP server, which does not listen yet. */
export async function buildApp({ api, hub, login }: AppParts): Promise<App> {
  const { sessions } = login;
  const isOff = !api.settings.dashboard.login;
  const app = newApp();
  answerErrors(app, api);
  await registerPlugins(app, sessions);
  app.addHook('onRequest', createGuard(sessions, api.settings.dashboard));
  const isLoggedIn = (token: string | undefined) => isOff || sessions.isOpen(token);
  boundConnections(app, api, isLoggedIn);
  app.addHook('onSend', async (_request, reply) => {
    // No cache may store figures or sessions.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });

  sessionRoutes(app, login);
  for (const route of ENDPOINTS) route(app, api);
  streamRoute(app, hub, isLoggedIn, SESSION_COOKIE);
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  pageRoutes(app);
  await app.ready();
  return app;
}

const ENDPOINTS: readonly ((app: App, api: Api) => void)[] = [
  healthRoutes,
  stateRoute,
  pricesRoute,
  watchlistRoute,
  klinesRoute,
  decisionsRoute,
  performanceRoute,
  positionsRoute,
  ordersRoute,
  alertsRoute,
  logsRoute,
  configRoute,
  metricsRoute,
  controlRoute,
  accountRoute,
  accountsRoutes,
];

function newApp(): App {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_WITHIN_MS,
    http: { headersTimeout: HEAD_WITHIN_MS, connectionsCheckingInterval: CHECK_EVERY_MS },
    // An open page must not delay a stop.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    exposeHeadRoutes: false,
  }) as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  return app;
}

function boundConnections(app: App, { wall, log }: Api, isLoggedIn: (token: string | undefined) => boolean): void {
  const mayLog = new Throttle(LOG_EVERY_MS);
  let closed = 0;
  const limit = limitVisitors(app.server, () => {
    closed += 1;
    if (mayLog.take(wall.now())) log.warn({ closed }, 'too many connections without a login, closed the oldest');
  });
  app.addHook('preHandler', async (request) => {
    // The complete body has arrived by now.
    limit.answering(request.raw.socket);
    if (isLoggedIn(request.cookies[SESSION_COOKIE])) limit.welcome(request.raw.socket);
  });
  app.addHook('onResponse', async (request) => limit.answered(request.raw.socket));
}

function answerErrors(app: App, { log }: Api): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const known = knownError(error);
    if (!known) log.error({ method: request.method, url: request.routeOptions.url, error }, 'a request failed');
    const answer = known ?? new ApiError('INTERNAL', 'The request failed because of an error in Helios.');
    return reply.code(answer.status).type('application/json').serializer(JSON.stringify).send(answer.body);
  });
  app.setNotFoundHandler((request) => {
    throw new ApiError('NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 100)}.`);
  });
}

async function registerPlugins(app: App, sessions: Sessions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The dashboard itself uses plain HTTP; a TLS proxy in front sets HSTS.
    hsts: false,
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: (request) => bucketOf(request, sessions),
    errorResponseBuilder: (_request, { after }) =>
      new ApiError('TOO_MANY_REQUESTS', `Too many requests; try again in ${after}.`) as unknown as ErrorBody,
  });
  await app.register(statics, { root: PAGE_FOLDER, serve: false, cacheControl: false });
  await app.register(swagger, {
    openapi: {
      info: { title: 'Helios', description: 'Market data, decisions and results of the fleet.', version: '0.1.0' },
    },
    transform: jsonSchemaTransform,
  });
}
