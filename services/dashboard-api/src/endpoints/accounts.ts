import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { AccountResetReply, AccountsReply } from '@helios/shared/domain/http-replies.ts';
import { readAccounts } from '@helios/shared/runtime/ledger-reader.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';

const ANSWER_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

export const AccountResetRequest = z.strictObject({
  run: z.string(),
  /** The name of the run again, so that nobody resets an account by mistake. */
  confirm: z.string(),
  /** Reset even if positions or orders are open; nothing closes them. */
  force: z.boolean().default(false),
});

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
        summary: 'Ends the paper account of the running fleet and starts a new one; moves the old ledger aside',
        body: AccountResetRequest,
        response: { 200: AccountResetReply, ...ERROR_ANSWERS },
      },
    },
    ({ body }) => reset(api, body),
  );
}

/** Sends the reset to decision-logger, the only writer of the ledger, and waits for its answer. */
async function reset(
  { bus, mode, wall }: Api,
  { run, confirm, force }: z.infer<typeof AccountResetRequest>,
): Promise<AccountResetReply> {
  if (confirm !== run) throw new ApiError('BAD_REQUEST', 'confirm must repeat the name of the run.');
  if (run !== mode.run)
    throw new ApiError('ACCOUNT_NOT_RESET', `The account of this fleet is ${mode.run}, not ${run}.`);
  if (mode.mode === 'live')
    throw new ApiError('ACCOUNT_NOT_RESET', 'A live account belongs to the venue, so Helios cannot reset it.');
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
  throw new ApiError(
    'ACCOUNT_NOT_RESET',
    'decision-logger has not answered. It may still reset the account; check with GET /api/accounts.',
  );
}
