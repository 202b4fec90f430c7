import type { ChildProcess } from 'node:child_process';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BusyFleet, drained, openBusyFleet, untilRecorded } from '../harness/busy-fleet.ts';
import { TestFleet } from '../harness/fleet.ts';
import { SmallDisk } from '../harness/small-disk.ts';

/** Far more than the about 250 lines that fit into an unread pipe. */
const SIGNALS = 1_100;
const LIMIT = { timeout: 180_000 };
const BOOT_MS = 120_000;
const FORGED = '2026-11-28T00:00:00.000Z INFO  fleet: all is well';

const canMount = SmallDisk.isPossible();
let fleet: TestFleet;
let supervisor: ChildProcess;
let busyFleet: BusyFleet;
let logDisk: SmallDisk | undefined;
beforeAll(async () => {
  fleet = await TestFleet.prepare();
  if (canMount) logDisk = SmallDisk.at(fleet.logDir, 8);
  supervisor = fleet.launch({});
  await fleet.running();
  busyFleet = await openBusyFleet(fleet, 'load', 'blocked logs');
}, BOOT_MS);
afterAll(async () => {
  supervisor?.kill('SIGCONT');
  await busyFleet?.leave();
  await fleet.stop();
  logDisk?.remove();
  await fleet.remove();
}, BOOT_MS);

it('npm run status finds the fleet of this folder, whatever REDIS_PORT and DASHBOARD_PORT are', LIMIT, async () => {
  const status = await fleet.commandWith({ REDIS_PORT: '1', DASHBOARD_PORT: '2' }, 'status.ts');
  expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/decision-logger +RUNNING/) });
  expect(status.out).toContain(`Dashboard: http://127.0.0.1:${fleet.dashboardPort}`);
});

it('a paused supervisor, as by Ctrl-Z, stops no service, and gets every line when it continues', LIMIT, async () => {
  supervisor.kill('SIGSTOP');
  await busyFleet.load.burst(SIGNALS);
  const sent = busyFleet.load.sent().map(({ id }) => id);
  expect(sent).toHaveLength(SIGNALS);
  await untilRecorded(sent, fleet);
  const page = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/healthz`);
  expect(page.status).toBe(200);

  supervisor.kill('SIGCONT');
  const missing = () => {
    const logged = new Set(fleet.logged().map(({ decision_id }) => decision_id));
    return sent.filter((id) => !logged.has(id));
  };
  await eventually('every line is in the file', () => missing().length === 0, 20_000);
  await drained(busyFleet);
});

it('a published text neither clears the terminal nor forges a line on it', LIMIT, async () => {
  const before = fleet.said.length;
  // JSON.parse quotes the malformed text, and the warning goes to the terminal.
  await fleet.redis('PUBLISH', 'trading_signals', `\u001b[2J\n${FORGED}`);
  const shown = () => fleet.said.slice(before);
  await eventually('the warning is shown', () => shown().includes('malformed message dropped'), 20_000);
  expect(shown()).toContain('\\u001b[2J\\n');
  expect(shown()).not.toContain('\u001b');
  expect(shown()).not.toMatch(new RegExp(`^${FORGED}`, 'm'));
});

it.skipIf(!canMount)(
  'F49 a full log disk raises an alert, which is resolved when there is room again',
  LIMIT,
  async () => {
    const alerts = async () =>
      (await busyFleet.page.getLatest(Streams.alerts, 100)).filter(
        ({ code, service }) => code === 'LOG_FILE_FAULT' && service === 'fleet',
      );
    logDisk?.fill();
    // The last page of the log still accepts some lines.
    await busyFleet.load.burst(60);
    const firstAlert = async () => {
      await busyFleet.load.send();
      return (await alerts()).at(-1);
    };
    const raised = await eventually('the alert', firstAlert, 60_000);
    expect(raised).toMatchObject({ stage: 'RAISED', level: 'WARNING' });
    expect(raised.message).toContain(`${fleet.logDir}/helios.log cannot be written: ENOSPC`);

    logDisk?.clear();
    const resolved = async () => {
      // The next line can be written again.
      await busyFleet.load.send();
      return (await alerts()).some(({ stage, alert_id }) => stage === 'RESOLVED' && alert_id === raised.alert_id);
    };
    await eventually('it is resolved', resolved, 60_000);
  },
);
