import { Records } from '@helios/shared/contracts/catalog.ts';
import type { SupervisorBeat } from '@helios/shared/domain/supervision.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { afterEach, expect, test } from 'vitest';
import { createKeepGoing } from '../src/keep-going.ts';
import { beatOf, refuseBesideAnother, startBeating } from '../src/supervisor-beat.ts';

const fake = createFakeRedis();
const bus = fake.bus('fleet');
const own = beatOf(aMode({ session: 'ours' }), '/ours');
const read = () => bus.getRecord(Records.supervisorBeat);
const write = (beat: SupervisorBeat) => bus.write((batch) => batch.setRecord(Records.supervisorBeat, beat));
const start = () => refuseBesideAnother(read, own, 'database 0', 300);
afterEach(() => bus.write((batch) => batch.remove(Records.supervisorBeat)));

test('a start is refused while another supervisor runs on this machine; the message names it and the way out', async () => {
  await start();
  await write({ ...own, session: 'theirs', folder: '/theirs' });
  await expect(start()).rejects.toThrow(
    new RegExp(
      `Another fleet runs on the database 0 \\(process ${process.pid}, in /theirs, session theirs\\)[\\s\\S]*npm stop in /theirs[\\s\\S]*REDIS_PORT=6380`,
    ),
  );
});

test('a killed supervisor does not block a start', async () => {
  await write({ ...own, session: 'theirs', began: 'an earlier process' });
  await start();
});

test('a supervisor on another machine blocks a start only while it sends heartbeats', async () => {
  const theirs = { ...own, host: 'elsewhere', session: 'theirs', ts: 1 };
  await write(theirs);
  await start();
  const refused = expect(refuseBesideAnother(read, own, 'database 0', 10_000)).rejects.toThrow(/on another machine/);
  await write({ ...theirs, ts: 2 });
  await refused;
});

test('a supervisor sends heartbeats until it ends, and then removes only its own', async () => {
  const stop = await startBeating(bus, own, createKeepGoing(silentLog));
  expect(await bus.getRecord(Records.supervisorBeat)).toMatchObject({ session: 'ours', folder: '/ours' });
  await stop();
  expect(await bus.getRecord(Records.supervisorBeat)).toBeUndefined();
  const again = await startBeating(bus, own, createKeepGoing(silentLog));
  await write({ ...own, session: 'theirs' });
  await again();
  expect(await bus.getRecord(Records.supervisorBeat)).toMatchObject({ session: 'theirs' });
});
