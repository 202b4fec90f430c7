import { Records } from '@helios/shared/contracts/catalog.ts';
import { StateReply } from '@helios/shared/domain/http-replies.ts';
import { whyNoOrders } from '@helios/shared/domain/why-no-orders.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readState({ bus, mode, clock, settings }: Api): Promise<StateReply> {
  const [trading, progress] = await Promise.all([
    bus.getRecord(Records.fleetState),
    bus.getRecord(Records.replayProgress),
  ]);
  const replay = progress?.session === mode.session ? { replay: progress } : {};
  const noOrders = whyNoOrders(mode.mode);
  const known = { ...(trading ? { trading } : {}), ...(noOrders === undefined ? {} : { no_orders: noOrders }) };
  return { mode, ...known, ...replay, clock_ts: clock.now(), login: settings.dashboard.login };
}

export function stateRoute(app: App, api: Api): void {
  app.get(
    '/api/state',
    { schema: { summary: 'Mode, trading state, replay progress', response: { 200: StateReply, ...ERROR_ANSWERS } } },
    () => readState(api),
  );
}
