import { cancelStop, openStops, placeStop, queryStop } from '@helios/binance/orders/algo-endpoints.ts';
import { postTestOrder } from '@helios/binance/orders/order-endpoints.ts';
import { outcomeOf } from '@helios/binance/orders/request-outcome.ts';
import { premiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import { DecimalSteps } from '@helios/core/price/decimal-steps.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import { type DoctorFinding, fault, sound, unanswered } from './finding.ts';
import type { VenueAccess } from './venue-access.ts';

const CHECK = 'STOP_ORDER';
/** Far enough below the price that it does not trigger within the seconds of the check. */
const TRIGGER_SHARE = 0.7;
const LOOKS = 5;
const LOOK_PAUSE_MS = 300;

/**
 * Checks that a stop can be placed, seen and cancelled, on the test venue with a real stop that only reduces. On mainnet the venue
 * checks an order without placing it.
 */
export async function checkStop(access: VenueAccess, { instrument }: Listing): Promise<DoctorFinding> {
  const { network } = access;
  const { symbol, step_size, min_qty } = instrument;
  const price = await farBelow(access, instrument, CHECK);
  if (typeof price !== 'string') return price;
  if (network === 'testnet') return placeAndCancel(access, symbol, min_qty ?? step_size, price);
  return testOnly(access, instrument, price);
}

/** A price on the tick that is not reached within seconds, or the finding of `check` that there is none. */
export async function farBelow(
  { open }: VenueAccess,
  { symbol, tick_size }: Listing['instrument'],
  check: string,
): Promise<string | DoctorFinding> {
  const index = await open.ask(premiumIndex, { symbol });
  if (index.kind !== 'OK') return unanswered(check, index);
  const mark = Number(index.value[0]?.markPrice);
  if (!(mark > 0)) return fault(check, `${symbol} has no mark price`, 'Choose another symbol in trading.symbols');
  const ticks = new DecimalSteps(tick_size);
  return ticks.text(ticks.count(mark * TRIGGER_SHARE));
}

async function testOnly(
  { rest, now }: VenueAccess,
  { symbol, step_size, min_notional }: Listing['instrument'],
  price: string,
): Promise<DoctorFinding> {
  const steps = new DecimalSteps(step_size);
  const quantity = steps.text(Math.ceil((1.1 * Number(min_notional)) / Number(price) / steps.unit));
  const answer = await rest.send(postTestOrder, {
    ...{ symbol, clientOrderId: `doctor-${now().toString(36)}`, side: 'BUY', quantity, reduceOnly: false },
    execution: { type: 'LIMIT', price, timeInForce: 'GTX' },
  });
  return answer.kind === 'OK'
    ? sound('TEST_ORDER', `the venue accepts a test order on ${symbol}; nothing was placed`)
    : unanswered('TEST_ORDER', answer);
}

async function placeAndCancel(
  access: VenueAccess,
  symbol: string,
  quantity: string,
  price: string,
): Promise<DoctorFinding> {
  const { rest, now } = access;
  const clientAlgoId = `doctor-${now().toString(36)}`;
  const base = { clientAlgoId, symbol, side: 'SELL', type: 'STOP_MARKET', workingType: 'MARK_PRICE' } as const;
  const placed = outcomeOf(await rest.send(placeStop, { ...base, triggerPrice: price, closes: { quantity } }));
  if (placed.kind === 'REFUSED' || placed.kind === 'NOT_SENT') return unanswered(CHECK, placed.failure);
  const isSeen = await eventually(access, async () => {
    const [query, list] = await Promise.all([rest.send(queryStop, { clientAlgoId }), rest.send(openStops, { symbol })]);
    const isListed = list.kind === 'OK' && list.value.some((stop) => stop.clientAlgoId === clientAlgoId);
    return query.kind === 'OK' && query.value.state === 'NEW' && isListed;
  });
  const isGone = await eventually(access, async () => {
    await rest.send(cancelStop, { clientAlgoId });
    const query = await rest.send(queryStop, { clientAlgoId });
    return query.kind === 'OK' ? query.value.state === 'CANCELED' : query.serverCode === NO_SUCH_ORDER;
  });
  if (isSeen && isGone) return sound(CHECK, `a stop on ${symbol} was placed, seen and cancelled`);
  const found = isGone
    ? 'was placed but not seen'
    : `${clientAlgoId} may still be there: it cannot be cancelled for certain`;
  return fault(CHECK, `a stop on ${symbol} ${found}`, 'Try again; while this lasts, positions would be without a stop');
}

const NO_SUCH_ORDER = -2013;

/** Looks several times, for a second and a half at most. */
export async function eventually({ wait }: VenueAccess, isSo: () => Promise<boolean>): Promise<boolean> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if (await isSo()) return true;
    await wait(LOOK_PAUSE_MS);
  }
  return false;
}
