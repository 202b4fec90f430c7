import { cancelStop, placeStop, queryStop } from '@helios/binance/orders/algo-endpoints.ts';
import { postCountdown } from '@helios/binance/orders/countdown-cancel.ts';
import { openOrders } from '@helios/binance/orders/order-endpoints.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import { type DoctorFinding, fault, note, skipped, sound, unanswered } from './finding.ts';
import { eventually, farBelow } from './stop-check.ts';
import type { VenueAccess } from './venue-access.ts';

const CHECK = 'DEAD_MAN';
const COUNTDOWN_MS = 1_000;
/** Longer than the countdown and than the venue may take to carry it out. */
const WAIT_MS = 3_000;

/**
 * Checks on the test venue that the countdown which cancels orders spares stops: it lets one end while a stop rests. Only
 * where no order rests that the countdown would cancel.
 */
export async function checkCountdown(access: VenueAccess, { instrument }: Listing): Promise<DoctorFinding> {
  const { rest, network } = access;
  const { symbol } = instrument;
  if (network === 'mainnet')
    return note(CHECK, 'the switch is not used on mainnet: nothing shows there that it spares stops', 'Nothing to do');
  const resting = await rest.send(openOrders, { symbol });
  if (resting.kind !== 'OK') return unanswered(CHECK, resting);
  if (resting.value.length > 0) return skipped(CHECK, `orders rest on ${symbol}, which a countdown would cancel`);
  const price = await farBelow(access, instrument, CHECK);
  return typeof price === 'string' ? letOneEnd(access, instrument, price) : price;
}

async function letOneEnd(
  access: VenueAccess,
  { symbol, min_qty, step_size }: Listing['instrument'],
  triggerPrice: string,
): Promise<DoctorFinding> {
  const { rest, now, wait } = access;
  const clientAlgoId = `doctor-c-${now().toString(36)}`;
  const stop = { clientAlgoId, symbol, side: 'SELL', type: 'STOP_MARKET', workingType: 'MARK_PRICE' } as const;
  const closes = { quantity: min_qty ?? step_size };
  const placed = await rest.send(placeStop, { ...stop, triggerPrice, closes });
  if (placed.kind !== 'OK') return unanswered(CHECK, placed);
  const started = await rest.send(postCountdown, { symbol, countdownMs: COUNTDOWN_MS });
  if (started.kind === 'OK') await wait(WAIT_MS);
  const after = await rest.send(queryStop, { clientAlgoId });
  await rest.send(postCountdown, { symbol, countdownMs: 0 });
  const isGone = await eventually(access, async () => {
    await rest.send(cancelStop, { clientAlgoId });
    const query = await rest.send(queryStop, { clientAlgoId });
    return query.kind === 'OK' && query.value.state === 'CANCELED';
  });
  if (started.kind !== 'OK') return unanswered(CHECK, started);
  if (after.kind !== 'OK') return unanswered(CHECK, after);
  if (!isGone) return fault(CHECK, `the stop ${clientAlgoId} may still be there`, 'Cancel it by hand');
  if (after.value.state === 'NEW') return sound(CHECK, `a countdown on ${symbol} ended and spared the stop`);
  return fault(CHECK, `a countdown on ${symbol} cancelled the stop`, 'Turn execution.dead_mans_switch off');
}
