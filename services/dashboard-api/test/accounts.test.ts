import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { AccountResetCommand } from '@helios/shared/domain/account-reset.ts';
import { expect, test } from 'vitest';
import { startDashboard } from './start-dashboard.ts';

/** A decision-logger that gives every reset the same answer. */
async function answering(outcome: 'DONE' | 'REFUSED') {
  const dashboard = await startDashboard();
  const logger = dashboard.fake.bus('decision-logger');
  const commands: AccountResetCommand[] = [];
  await logger.consume(Streams.accountCommands, async (command) => {
    commands.push(command);
    const { command_id, run } = command;
    const answer = { command_id, run, outcome, message: `${outcome} by a test`, ts: 1 };
    await logger.write((batch) =>
      batch.setRecord(Records.accountReset, outcome === 'DONE' ? { ...answer, moved_to: '/a/b.sqlite' } : answer),
    );
  });
  await dashboard.login();
  return { ...dashboard, commands };
}

test('a reset goes to decision-logger, with the name of the run typed twice, and returns its answer', async () => {
  const { post, commands } = await answering('DONE');
  const slip = await post('/api/accounts/reset', { run: 'test-run', confirm: 'test' });
  expect(slip.status).toBe(400);
  const other = await post('/api/accounts/reset', { run: 'other', confirm: 'other' });
  expect(other.status).toBe(409);
  expect(commands).toEqual([]);
  const done = await post('/api/accounts/reset', { run: 'test-run', confirm: 'test-run' });
  expect(await done.json()).toEqual({ message: 'DONE by a test', moved_to: '/a/b.sqlite' });
  expect(commands).toMatchObject([{ run: 'test-run', force: false, issued_by: 'dashboard' }]);
});

test('a refusal of decision-logger is returned, and a request without a login changes nothing', async () => {
  const { post, get } = await answering('REFUSED');
  const refused = await post('/api/accounts/reset', { run: 'test-run', confirm: 'test-run', force: true });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'ACCOUNT_NOT_RESET', message: 'REFUSED by a test' });
  expect(await (await get('/api/accounts')).json()).toEqual({ current: 'test-run', accounts: [], unreadable: [] });
  expect((await get('/api/accounts', { cookie: '' })).status).toBe(401);
});

test('an unreadable ledger is named, and the answer still succeeds', async () => {
  const { project, login, get } = await startDashboard();
  const folder = join(project, '.helios', 'ledger');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'broken.sqlite'), 'not a database, and long enough to be told from one\n'.repeat(50));
  await login();
  const answer = await get('/api/accounts');
  expect(answer.status).toBe(200);
  const problem = expect.stringContaining('broken.sqlite cannot be read: file is not a database.');
  expect(await answer.json()).toEqual({ current: 'test-run', accounts: [], unreadable: [problem] });
});
