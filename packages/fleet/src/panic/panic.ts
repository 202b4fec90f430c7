import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { exchangeInfo } from '@helios/binance/rest/endpoints/exchange-info.ts';
import { createPublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { createSignedRest, type SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import { type CommandLine, typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { createHttpClient, type PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import { keyRefusal } from '../credential-verdict.ts';
import { StartRefused } from '../start-refused.ts';
import { runningSupervisor, type SupervisorRecord } from '../supervisor-file.ts';
import { isFlat, pictureLines, readPicture } from './account-picture.ts';
import { closeAccount } from './close-account.ts';
import { writeReport } from './panic-report.ts';
import { type PanicSettings, panicSettings } from './panic-settings.ts';

const TIMEOUT_MS = 5_000;
const SECOND_ASK_MS = 1_000;
const RECV_WINDOW_MS = 5_000;
/** After this an operator must use the venue's own page. */
const WITHIN_MS = 120_000;

/** `npm run panic`: closes everything on the account. It needs the key and the venue, neither Redis nor a fleet. */
async function main(line: CommandLine): Promise<number> {
  const settings = panicSettings(resolve(import.meta.dirname, '../../../..'), process.env);
  const sign = createSigner(settings.apiSecret);
  if (sign === undefined) throw new StartRefused(['The API secret is a private key that cannot be read.']);
  const http = createHttpClient();
  const rest = createSignedRest({
    ...{ baseUrl: settings.url, apiKey: settings.apiKey, sign, http, timeoutMs: TIMEOUT_MS },
    ...{ recvWindowMs: RECV_WINDOW_MS, now: Date.now },
  });
  const fleet = runningSupervisor(settings.dataDir);
  console.log(`Panic: closes everything on the account of the API key, on ${settings.network} (${settings.url}).`);
  const seen = await readPicture(rest);
  if ('kind' in seen) await endOnRefusedKey(rest, settings, seen);
  for (const text of 'kind' in seen ? [`not readable now: ${seen.detail}`] : pictureLines(seen))
    console.log(`  ${text}`);
  const isDone = !('kind' in seen) && isFlat(seen) && fleet === undefined;
  if (!isDone) {
    for (const text of planLines(fleet)) console.log(text);
    if (!line.has('yes')) await confirm(settings);
  }
  if (fleet !== undefined) endFleet(fleet);
  const startedTs = Date.now();
  const limits = new Map<string, string>();
  void readLimits(settings, http, limits);
  const closed = await closeAccount({
    ...{ rest, now: Date.now, withinMs: WITHIN_MS, say: (text) => console.log(text) },
    maxQuantityOf: (symbol) => limits.get(symbol),
    wait: (ms) => pause(ms),
  });
  http.close();
  for (const text of writeReport(settings, closed, { startedTs, endedTs: Date.now() })) console.log(text);
  return closed.result === 'FLAT' ? 0 : 1;
}

function planLines(fleet: SupervisorRecord | undefined): readonly string[] {
  return [
    'This command cancels every order and every conditional order, and closes every position at the market,',
    'also those that Helios did not open. Then it reads the account again to prove that nothing is open.',
    fleet === undefined
      ? 'A Helios on another machine or in containers, or another program, may enter again: end it first.'
      : `It also ends the fleet of this folder (process ${fleet.pid}), which might enter again.`,
  ];
}

/**
 * Asks a second time after a refused key, so that a single odd answer does not end a panic.
 * @throws StartRefused if the venue refuses the key twice: two minutes of retries would not help
 */
async function endOnRefusedKey(rest: SignedRest, settings: PanicSettings, first: RestFailure): Promise<void> {
  if (keyRefusal(first, settings) === undefined) return;
  await pause(SECOND_ASK_MS);
  const second = await readPicture(rest);
  const reasons = 'kind' in second ? keyRefusal(second, settings) : undefined;
  if (reasons === undefined) return;
  throw new StartRefused([
    'Nothing was closed: the venue refuses the API key.',
    ...reasons,
    '  • Close what is open on the venue’s own page or app now.',
  ]);
}

/** @throws StartRefused unless the operator types the network's name */
async function confirm({ network }: PanicSettings): Promise<void> {
  if (!process.stdin.isTTY)
    throw new StartRefused([
      `Nothing was changed: you must confirm. In a script type: ${typedCommand('panic', '--yes')}`,
    ]);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question(`\nType ${network} to close everything: `);
  terminal.close();
  if (typed.trim() !== network) throw new StartRefused([`Nothing was changed: you did not type ${network}.`]);
}

/** Does not wait for the end: a hung fleet must not delay the closing. */
function endFleet({ pid }: SupervisorRecord): void {
  try {
    process.kill(pid, 'SIGTERM');
    console.log(`The fleet (process ${pid}) is ending.`);
  } catch (error) {
    console.log(`The fleet (process ${pid}) cannot be ended: ${String(error)}. It may enter again.`);
  }
}

/** Fills in the largest market orders. Without them the venue refuses an order that is too large, and the next round splits it. */
async function readLimits({ url }: PanicSettings, http: PostingHttpClient, limits: Map<string, string>): Promise<void> {
  const governor = new RateGovernor({ now: Date.now, share: 1 });
  const rest = createPublicRest({
    ...{ baseUrl: url, http, governor, timeoutMs: TIMEOUT_MS, now: Date.now, wait: (ms) => pause(ms) },
    stop: AbortSignal.timeout(WITHIN_MS),
  });
  const answer = await rest.ask(exchangeInfo, undefined);
  if (answer.kind !== 'OK') return;
  for (const { symbol, instrument } of answer.value.listings.rows) {
    const max = instrument.market_max_qty ?? instrument.max_qty;
    if (max !== undefined) limits.set(symbol, max);
  }
}

await runCommand('panic', main);
