import { parseVenueJson } from '../rest/venue-json.ts';
import { isLoose, isOfOtherSymbol, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';
import { type AccountConfigUpdate, parseAccountConfigUpdate } from './account-config-update.ts';
import { type AccountUpdate, parseAccountUpdate } from './account-update.ts';
import { type AlgoUpdate, parseAlgoUpdate } from './algo-update.ts';
import { type MarginCallEvent, parseMarginCall } from './margin-call-event.ts';
import { type OrderUpdate, parseOrderUpdate } from './order-update.ts';

/** The listen key ended: no more events come over this connection. */
export interface ListenKeyExpired {
  readonly kind: 'LISTEN_KEY_EXPIRED';
  readonly tsSent: number;
}

/** An event that changes nothing here, such as TRADE_LITE: the full events follow. */
export interface OtherUserEvent {
  readonly kind: 'OTHER';
  readonly event: string;
}

export type UserEvent =
  | OrderUpdate
  | AccountUpdate
  | AlgoUpdate
  | AccountConfigUpdate
  | MarginCallEvent
  | ListenKeyExpired
  | OtherUserEvent;

/** Parses a message of the user stream, bare or in its `{stream, data}` wrapper. Never throws. */
export function parseUserEvent(text: string): UserEvent | WireFault {
  let json: unknown;
  try {
    json = parseVenueJson(text);
  } catch {
    return { kind: 'FAULT', code: 'NOT_JSON', detail: `user stream: not JSON: ${text.slice(0, 60)}` };
  }
  const data = isLoose(json) && isLoose(json['data']) ? json['data'] : json;
  if (!isLoose(data) || typeof data['e'] !== 'string') return badField('user stream', 'e', data);
  // An order in a symbol with other letters than A to Z is not ours.
  if (isOfOtherSymbol(data['o'], 's') || isOfOtherSymbol(data['ac'], 's')) return { kind: 'OTHER', event: data['e'] };
  return parseEvent(data['e'], data);
}

function parseEvent(event: string, data: Loose): UserEvent | WireFault {
  switch (event) {
    case 'ORDER_TRADE_UPDATE':
      return parseOrderUpdate(data);
    case 'ACCOUNT_UPDATE':
      return parseAccountUpdate(data);
    case 'ALGO_UPDATE':
      return parseAlgoUpdate(data);
    case 'ACCOUNT_CONFIG_UPDATE':
      return parseAccountConfigUpdate(data);
    case 'MARGIN_CALL':
      return parseMarginCall(data);
    case 'listenKeyExpired':
      return isWhole(data['E']) ? { kind: 'LISTEN_KEY_EXPIRED', tsSent: data['E'] } : badField(event, 'E', data['E']);
    default:
      return { kind: 'OTHER', event };
  }
}
