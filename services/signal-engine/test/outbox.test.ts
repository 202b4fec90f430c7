import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { createBackground } from '../src/background.ts';
import { createInbox } from '../src/inbox.ts';
import { createOutbox, type WriteBatch } from '../src/outbox.ts';

function setUp() {
  const fake = createFakeRedis();
  const log = createRecordingLog();
  const background = createBackground();
  const bus = fake.bus('signal-engine');
  const outbox = createOutbox(bus, log, background);
  const written = () =>
    fake.stream('signals').messages.map(({ text }) => (JSON.parse(text ?? '{}') as TradingSignal).signal_id);
  return { fake, log, background, bus, outbox, written };
}

function writeBatch(signal_id: string): WriteBatch {
  return { signals: [signal_id], put: (batch) => batch.append(Streams.signals, aSignal({ signal_id })) };
}

test('write batches keep their order through an outage', async () => {
  const { fake, outbox, written, log } = setUp();
  await outbox.send(writeBatch('a'));
  fake.goDown();
  const sent = [outbox.send(writeBatch('b')), outbox.send(writeBatch('c'))];
  await eventually('the warning', () => log.lines.length > 0);
  sent.push(outbox.send(writeBatch('d')));
  expect(written()).toEqual(['a']);
  fake.comeBack();
  await Promise.all(sent);
  expect(written()).toEqual(['a', 'b', 'c', 'd']);
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { code: 'REDIS_UNAVAILABLE', signals: ['b', 'c'] } }]);
});

test('an orderly stop sends batches that arrived during a write', async () => {
  const { outbox, written, log } = setUp();
  const sent = [outbox.send(writeBatch('a')), outbox.send(writeBatch('b'))];
  await outbox.stop();
  await Promise.all(sent);
  expect(written()).toEqual(['a', 'b']);
  expect(log.lines).toEqual([]);
});

test('batches that still wait at the end are named in the log, and their sender gets the error', async () => {
  const { fake, outbox, log } = setUp();
  fake.goDown();
  const sent = expect(outbox.send(writeBatch('a'))).rejects.toThrow(BusUnavailable);
  await eventually('the warning', () => log.lines.length > 0);
  await outbox.stop();
  await sent;
  expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { signals: ['a'] } });
});

test('a request that Redis refuses is a fault, not an outage', async () => {
  const { bus, log, background } = setUp();
  const refusing = { ...bus, write: () => Promise.reject(new BusFault('WRONGTYPE')) };
  const outbox = createOutbox(refusing, log, background);
  await expect(outbox.send(writeBatch('a'))).rejects.toThrow('WRONGTYPE');
  await eventually('the fault', () => {
    try {
      background.check();
      return false;
    } catch (error) {
      return error instanceof BusFault;
    }
  });
});

test('the inbox holds messages back, in order, while state is read', async () => {
  const inbox = createInbox();
  const heard: string[] = [];
  inbox.take(() => heard.push('before'));
  let finish = () => {};
  const reading = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const outer = inbox.during(async () => {
    inbox.take(() => heard.push('first'));
    await inbox.during(async () => {
      inbox.take(() => heard.push('second'));
    });
    await reading;
    heard.push('state');
  });
  await Promise.resolve();
  expect(heard).toEqual(['before']);
  finish();
  await outer;
  inbox.take(() => heard.push('after'));
  expect(heard).toEqual(['before', 'state', 'first', 'second', 'after']);
});

test('the inbox continues after state could not be read', async () => {
  const inbox = createInbox();
  const heard: string[] = [];
  const failing = inbox.during(async () => {
    inbox.take(() => heard.push('held'));
    throw new BusUnavailable('REDIS_UNAVAILABLE', 'gone');
  });
  await expect(failing).rejects.toThrow('gone');
  expect(heard).toEqual(['held']);
});
