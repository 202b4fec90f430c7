import { Records } from '@helios/shared/contracts/catalog.ts';
import { AccountReply } from '@helios/shared/domain/http-replies.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readShownAccount({ bus, mode, clock, wall }: Api): Promise<AccountReply> {
  const isLive = mode.mode === 'live';
  const [account, status] = await Promise.all([
    bus.getRecord(Records.account),
    isLive ? bus.getRecord(Records.liveStatus) : undefined,
  ]);
  const own = account?.run === mode.run && account.simulated !== isLive ? { account } : {};
  const ours = status?.run === mode.run ? status : undefined;
  const live = ours && { live: ours, live_age_ms: Math.max(0, wall.now() - ours.updated_ts) };
  return { run: mode.run, clock_ts: clock.now(), ...own, ...live };
}

export function accountRoute(app: App, api: Api): void {
  app.get(
    '/api/account',
    {
      schema: {
        summary: 'Balance and margin of the account; in live also whether entries are possible, and why not',
        response: { 200: AccountReply, ...ERROR_ANSWERS },
      },
    },
    () => readShownAccount(api),
  );
}
