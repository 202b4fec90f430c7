import { type DepthSnapshot, parseDepthSnapshot } from '../../wire/depth-snapshot.ts';
import { isLoose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

export interface DepthParams {
  readonly symbol: string;
  /** Levels per side: 5, 10, 20, 50, 100, 500 or 1000. */
  readonly limit: number;
}

/** `GET /fapi/v1/depth`: the book up to `limit` levels. `E` is the send time, `T` the time of the last change. */
export const depth = defineEndpoint<DepthParams, DepthSnapshot>({
  path: '/fapi/v1/depth',
  query: ({ symbol, limit }) => ({ symbol, limit }),
  weight({ limit }) {
    if (limit <= 50) return 2;
    if (limit <= 100) return 5;
    return limit <= 500 ? 10 : 20;
  },
  parse: (json, { symbol }) =>
    isLoose(json) ? parseDepthSnapshot(json, symbol) : badField('depth', 'answer', undefined),
});
