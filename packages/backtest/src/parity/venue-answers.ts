import type { HttpMethod, HttpOutcome } from '@helios/shared/runtime/http-client.ts';

/** The exchange's code for a stop that would trigger at once: the price has passed its trigger. */
const WOULD_TRIGGER = -2021;

/** An order or a stop that the exchange refused, by the request and its own answer to it. */
export interface RefusedRequest {
  /** Time of the answer, epoch ms. */
  readonly ts: number;
  readonly clientId: string;
  readonly symbol: string;
  readonly side: string;
  /** Quote currency; undefined for an order. */
  readonly triggerPrice: number | undefined;
  readonly code: number;
}

/** A mark price that the exchange answered, quote currency. */
export interface AnsweredMark {
  /** Time of the answer, epoch ms. */
  readonly ts: number;
  readonly symbol: string;
  readonly price: number;
}

/** What the exchange answered in a run, as far as it explains a difference; each list in order. */
export interface VenueAnswers {
  readonly refused: readonly RefusedRequest[];
  readonly marks: readonly AnsweredMark[];
}

/** A request with the exchange's answer. */
interface AnsweredRequest {
  readonly method: HttpMethod;
  readonly url: URL | string;
  readonly outcome: HttpOutcome;
}

/** The refusal in an answer; undefined if the exchange did not refuse, or if no order was to be placed. */
export function refusedRequestOf({ method, url, outcome }: AnsweredRequest, ts: number): RefusedRequest | undefined {
  if (method !== 'POST' || outcome.kind !== 'REPLY' || outcome.status < 400) return undefined;
  const asked = new URL(url).searchParams;
  const clientId = asked.get('clientAlgoId') ?? asked.get('newClientOrderId');
  const code = codeOf(outcome.body);
  if (clientId === null || code === undefined) return undefined;
  const trigger = asked.get('triggerPrice');
  const triggerPrice = trigger === null ? undefined : Number(trigger);
  return { ts, clientId, symbol: asked.get('symbol') ?? '', side: asked.get('side') ?? '', triggerPrice, code };
}

/** True for a stop that the exchange refused because the price had passed it. */
export function isPassedStop({ code, triggerPrice }: RefusedRequest): boolean {
  return code === WOULD_TRIGGER && triggerPrice !== undefined;
}

function codeOf(body: string): number | undefined {
  try {
    const { code } = JSON.parse(body) as { readonly code?: unknown };
    return typeof code === 'number' ? code : undefined;
  } catch {
    return undefined;
  }
}
