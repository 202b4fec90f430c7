import { Records } from '@helios/shared/contracts/catalog.ts';
import { StateReply } from '@helios/shared/domain/http-replies.ts';
import { haltingTrouble } from '@helios/shared/domain/known-ledger.ts';
import { startRefusal } from '@helios/shared/domain/start-refusal.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readState({ bus, mode, clock, wall, settings }: Api): Promise<StateReply> {
  const isLive = mode.mode === 'live';
  const [trading, strategy, progress, status, trouble] = await Promise.all([
    bus.getRecord(Records.fleetState),
    bus.getRecord(Records.strategyStatus),
    bus.getRecord(Records.replayProgress),
    isLive ? bus.getRecord(Records.liveStatus) : undefined,
    isLive ? bus.getRecord(Records.ledgerTrouble) : undefined,
  ]);
  const replay = progress?.session === mode.session ? { replay: progress } : {};
  const accountRefusal = isLive ? startRefusal(status, mode.run, wall.now()) : undefined;
  const refusal = haltingTrouble(trouble, mode.run)?.message ?? accountRefusal;
  const known = {
    ...(trading ? { trading } : {}),
    ...(strategy?.run === mode.run ? { strategy } : {}),
    ...(refusal === undefined ? {} : { start_refused: refusal }),
  };
  return { mode, ...known, ...replay, clock_ts: clock.now(), login: settings.dashboard.login };
}

export function stateRoute(app: App, api: Api): void {
  app.get(
    '/api/state',
    { schema: { summary: 'Mode, trading state, replay progress', response: { 200: StateReply, ...ERROR_ANSWERS } } },
    () => readState(api),
  );
}
