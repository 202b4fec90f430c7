import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { madeFolder } from '../packages/core/test/model/made-model.ts';
import { EVERY_BOOK_A_SIGNAL } from './harness/every-book-a-signal.ts';
import { TestFleet } from './harness/fleet.ts';
import { readLedger, recordedSignals } from './harness/ledger-reader.ts';

const SOON_MS = 60_000;
/** The model speaks at any time, on any market, and whatever comes of its candidates. */
const ALWAYS = {
  ...{ trained_ts: 0, expires_ts: Date.UTC(2100, 0), max_out_of_range: 1 },
  drift: { decisions: 100_000, max_share: 1 },
};

/** Writes each file beside its place and renames it, the manifest last, as the training does. */
function write(folder: string, change: Parameters<typeof madeFolder>[0]): void {
  mkdirSync(folder, { recursive: true });
  const files = madeFolder({ ...ALWAYS, ...change });
  for (const { name, text = '' } of files
    .toSorted((a, b) => Number(a.name > b.name) - Number(a.name < b.name))
    .toReversed()) {
    writeFileSync(join(folder, `${name}.new`), text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  }
}

test('a running fleet enters for the model, takes the next one without a restart, and refuses a bad one', {
  timeout: 240_000,
}, async () => {
  const fleet = await TestFleet.prepare();
  onTestFinished(() => fleet.remove());
  const folder = join(fleet.folder, 'model');
  write(folder, { name: 'made-1' });
  fleet.launch({
    env: {
      ...EVERY_BOOK_A_SIGNAL,
      ...{ REASONS_ENABLED: 'MODEL', SIGNALS_MODEL_DIR: folder, RISK_MAX_HOLD_SEC: '2', TRADING_SYMBOLS: 'BTCUSDT' },
    },
  });
  await fleet.running();
  const page = await fleet.connect('dashboard-api');
  onTestFinished(() => page.close());
  const opened = () =>
    recordedSignals(fleet.dataDir) === 0
      ? []
      : readLedger(fleet.dataDir).decisions.filter(({ outcome }) => outcome === 'OPENED');
  const openedBy = (name: string) =>
    eventually(`an entry by ${name}`, () => opened().find(({ model }) => model === name), SOON_MS);

  const first = await openedBy('made-1');
  expect(first).toMatchObject({ entry_reason: 'MODEL', horizon_min: 30 });
  expect(first.reason).toContain('MODEL: made-1 expects a net gain with probability 0.88');
  expect(first.gates?.find(({ gate }) => gate === 'ML_CONFIDENCE')).toMatchObject({
    ...{ outcome: 'PASSED', note: 'model: made-1' },
  });

  write(folder, { name: 'made-2' });
  expect(await openedBy('made-2')).toMatchObject({ entry_reason: 'MODEL' });

  write(folder, { name: 'made-3', feature_set: 'helios-0' });
  const status = await eventually(
    'the refusal',
    async () => {
      const found = await page.getRecord(Records.modelStatus);
      return found?.refused === undefined ? undefined : found;
    },
    SOON_MS,
  );
  expect(status).toMatchObject({ model: 'made-2', refused: expect.stringContaining('helios-0') });
  const alert = await eventually(
    'the alert',
    () => fleet.logged().find(({ code }) => code === 'MODEL_REFUSED'),
    SOON_MS,
  );
  expect(JSON.stringify(alert)).toContain('made-2');
  expect(new Set(opened().map(({ model }) => model))).toEqual(new Set(['made-1', 'made-2']));
});
