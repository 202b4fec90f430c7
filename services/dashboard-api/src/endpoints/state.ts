import { Records } from '@helios/shared/contracts/catalog.ts';
import { FleetMode, FleetState, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import { whyNoOrders } from '@helios/shared/domain/why-no-orders.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

/** What runs, and whether it may trade. */
export const StateReply = z.strictObject({
  mode: FleetMode,
  /** Absent until the service that keeps it has started. */
  trading: FleetState.optional(),
  /** Why Start is refused in this mode; absent where it is not. */
  no_orders: z.string().optional(),
  /** How far a replay has come. */
  replay: ReplayProgress.optional(),
  /** The market's time; in a replay that of its newest frame. */
  clock_ts: z.number().int(),
  /** Whether this dashboard asks for a password. */
  login: z.boolean(),
});
export type StateReply = z.infer<typeof StateReply>;

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
