import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { RememberedState } from '@helios/shared/domain/fleet.ts';
import { OpenPosition } from '@helios/shared/domain/position.ts';
import { readAccounts } from '@helios/shared/runtime/ledger-reader.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';

const ANSWER_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** The paper accounts of this folder, as their ledgers tell them. Money in USDT, times in epoch ms. */
export const AccountsReply = z.strictObject({
  /** Of the fleet that runs. */
  current: z.string(),
  accounts: z.array(
    z.strictObject({
      run: z.string(),
      starting_balance: z.number().optional(),
      /** Of the strategy's trades; `external_…` of those opened by hand, which are in no other figure. */
      realized_pnl: z.number(),
      trades: z.number().int(),
      external_pnl: z.number(),
      external_trades: z.number().int(),
      decisions: z.number().int(),
      positions: z.array(OpenPosition),
      resting_orders: z.number().int(),
      last_activity_ts: z.number().int().optional(),
      trading: RememberedState,
    }),
  ),
  /** A sentence for each ledger that cannot be read. */
  unreadable: z.array(z.string()),
});

export const AccountResetRequest = z.strictObject({
  run: z.string(),
  /** The name of the run once more: nobody resets an account by a slip. */
  confirm: z.string(),
  /** Although positions or orders are open: they are then closed by nobody. */
  force: z.boolean().default(false),
});

export const AccountResetReply = z.strictObject({ message: z.string(), moved_to: z.string().optional() });
type AccountResetReply = z.infer<typeof AccountResetReply>;

export function accountsRoutes(app: App, api: Api): void {
  app.get(
    '/api/accounts',
    {
      schema: {
        summary: 'Paper accounts, without those of replays',
        response: { 200: AccountsReply, ...ERROR_ANSWERS },
      },
    },
    async () => {
      const found = readAccounts(api.dataDir);
      const accounts = found.accounts
        .filter(({ isReplay }) => !isReplay)
        .map(({ path: _path, isReplay: _isReplay, ...shown }) => shown);
      return {
        current: api.mode.run,
        accounts: accounts.map((account) => ({ ...account, positions: [...account.positions] })),
        unreadable: [...found.unreadable],
      };
    },
  );
  app.post(
    '/api/accounts/reset',
    {
      schema: {
        summary: 'Ends the paper account of the fleet that runs and begins a new one; the old ledger is moved aside',
        body: AccountResetRequest,
        response: { 200: AccountResetReply, ...ERROR_ANSWERS },
      },
    },
    ({ body }) => reset(api, body),
  );
}

/** decision-logger alone opens the ledger for writing: it is asked, and its answer waited for. */
async function reset(
  { bus, mode, wall }: Api,
  { run, confirm, force }: z.infer<typeof AccountResetRequest>,
): Promise<AccountResetReply> {
  if (confirm !== run) throw new ApiError('BAD_REQUEST', 'confirm must be the name of the run, typed once more.');
  if (run !== mode.run)
    throw new ApiError('ACCOUNT_NOT_RESET', `This fleet keeps the account ${mode.run}, not ${run}.`);
  if (mode.mode === 'live')
    throw new ApiError('ACCOUNT_NOT_RESET', 'A live account is the venue’s and cannot be reset.');
  const command_id = randomUUID();
  const command = { command_id, run, force, issued_by: 'dashboard', issued_ts: wall.now() };
  await bus.write((batch) => batch.append(Streams.accountCommands, command));
  const deadline = performance.now() + ANSWER_WITHIN_MS;
  while (performance.now() < deadline) {
    const answer = await bus.getRecord(Records.accountReset);
    if (answer?.command_id === command_id) {
      if (answer.outcome === 'REFUSED') throw new ApiError('ACCOUNT_NOT_RESET', answer.message);
      return { message: answer.message, ...(answer.moved_to === undefined ? {} : { moved_to: answer.moved_to }) };
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new ApiError('ACCOUNT_NOT_RESET', 'decision-logger has not answered; it may still follow the reset.');
}
