import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, expect, it } from 'vitest';
import { drained, enterScene, untilRecorded } from '../harness/busy-scene.ts';
import { TestFleet } from '../harness/fleet.ts';

/** Far more than the some 250 lines that a pipe nobody reads takes. */
const SIGNALS = 1_100;
const LIMIT = { timeout: 180_000 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it('a paused supervisor, as by Ctrl-Z, stops no service, and gets every line when it goes on', LIMIT, async () => {
  const fleet = await TestFleet.prepare();
  cleanups.push(() => fleet.remove());
  const supervisor = fleet.launch({});
  await fleet.running();
  const scene = await enterScene(fleet, 'load', 'blocked logs');
  cleanups.push(() => scene.leave());

  supervisor.kill('SIGSTOP');
  cleanups.push(async () => void supervisor.kill('SIGCONT'));
  await scene.load.burst(SIGNALS);
  const sent = scene.load.sent().map(({ id }) => id);
  expect(sent).toHaveLength(SIGNALS);
  await untilRecorded(sent, fleet);
  const page = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/healthz`);
  expect(page.status).toBe(200);

  supervisor.kill('SIGCONT');
  const logged = () => fleet.logged().filter(({ message }) => message === 'decision recorded');
  const missing = () => sent.filter((id) => !logged().some(({ decision_id }) => decision_id === id));
  await eventually('every line is in the file', () => missing().length === 0, 20_000);
  await drained(scene);
  expect(await fleet.stop()).toBe(0);
});
