import { type Endpoint, ok } from './endpoint.ts';

/** `GET /fapi/v1/ping`. */
export const ping: Endpoint = { method: 'GET', path: '/fapi/v1/ping', weight: () => 1, answer: () => ok({}) };
