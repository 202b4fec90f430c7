import { ok, type ServedEndpoint } from './endpoint.ts';

/** `GET /fapi/v1/ping`. */
export const ping: ServedEndpoint = { method: 'GET', path: '/fapi/v1/ping', weight: () => 1, answer: () => ok({}) };
