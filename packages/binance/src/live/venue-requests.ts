import { outcomeOf, type RequestOutcome } from '../orders/request-outcome.ts';
import type { Endpoint } from '../rest/endpoint.ts';
import type { RestAnswer, RestFailure } from '../rest/rest-answer.ts';
import type { SignedRest } from '../rest/signed-rest.ts';
import type { LiveGovernor, Permission, Priority } from './live-governor.ts';

/** Sends requests that the governor permits; others fail at once with the wait, so that the caller decides. */
export class VenueRequests {
  readonly #rest: Pick<SignedRest, 'send'>;
  readonly #governor: LiveGovernor;

  constructor(rest: Pick<SignedRest, 'send'>, governor: LiveGovernor) {
    this.#rest = rest;
    this.#governor = governor;
  }

  /** Sends a request that changes no order. Never rejects. */
  async send<P, T>(
    endpoint: Endpoint<P, T>,
    params: P,
    priority: Priority = 'KNOWLEDGE',
    orders: 0 | 1 = 0,
  ): Promise<RestAnswer<T>> {
    const request = { priority, weight: endpoint.weight(params), orders };
    const permission = this.#governor.begin(request);
    if (permission.kind === 'WAIT') return heldBack(endpoint.path, permission);
    const answer = await this.#rest.send(endpoint, params);
    this.#governor.end(permission.ticket, answer);
    if (answer.kind === 'OK' || (answer.code !== 'LIMITED' && answer.code !== 'BANNED')) return answer;
    return { ...answer, retryAfterMs: this.#governor.waitMs(request) };
  }

  /** Sends a request about an order at most once, and judges what is known afterwards. */
  async change<P, T>(
    endpoint: Endpoint<P, T>,
    params: P,
    priority: Priority,
    orders: 0 | 1 = 0,
  ): Promise<RequestOutcome<T>> {
    return outcomeOf(await this.send(endpoint, params, priority, orders));
  }
}

function heldBack(path: string, { code, waitMs }: Extract<Permission, { kind: 'WAIT' }>): RestFailure {
  const why = code === 'BANNED' ? 'the venue has banned this address' : 'a limit of the venue is used up';
  return {
    ...{ kind: 'FAILURE', code, retryAfterMs: waitMs },
    detail: `${path} was not sent: ${why}, for ${Math.ceil(waitMs / 1_000)} s.`,
    advice: 'Helios sends it again when the venue allows it.',
  };
}
