import { setTimeout as pause } from 'node:timers/promises';
import { account } from '@helios/binance/rest/endpoints/account.ts';
import { createPublicRest, type PublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { createSignedRest, type SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner, type Signer } from '@helios/binance/rest/signer.ts';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { createHttpClient, type PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import { type AskedVenue, keyRefusal } from '../credential-verdict.ts';
import { checkBalance, checkModes, checkOpen, checkRights, checkVenueClock } from './account-checks.ts';
import { checkAddresses } from './address-check.ts';
import { checkCountdown } from './countdown-check.ts';
import { absolute, type DoctorFinding, fault, skipped } from './finding.ts';
import { checkStop } from './stop-check.ts';
import { checkLeverage, checkSymbols } from './symbol-checks.ts';
import type { VenueAccess } from './venue-access.ts';

/** The spot host of the real venue knows the rights of a key. */
const SPOT_URL = 'https://api.binance.com';
const TIMEOUT_MS = 10_000;
const RECV_WINDOW_MS = 10_000;

export interface ExaminedAccount {
  readonly findings: readonly DoctorFinding[];
  /** True also if it is not known. */
  readonly hasPositions: boolean;
}

/** Checks account and venue. Changes nothing but one stop on the test venue, which it cancels. */
export async function examineAccount(settings: Settings): Promise<ExaminedAccount> {
  const { api_secret, testnet, rest_url } = settings.binance;
  const addresses = checkAddresses(settings.binance);
  const sign = createSigner(api_secret);
  if (sign === undefined) {
    const bad = fault(
      'KEY',
      'the API secret is a private key that cannot be read',
      'Copy the whole key, with \\n between its lines',
    );
    return { findings: [addresses, bad], hasPositions: false };
  }
  if (addresses.outcome === 'FAULT') return { findings: [addresses], hasPositions: false };
  const network = testnet ? 'testnet' : 'mainnet';
  const http = createHttpClient();
  try {
    const url = restUrlOf(network, rest_url);
    const isCustom = url !== restUrlOf(network, '');
    const rest = restAt(url, settings, sign, http);
    const key = await refusedKey(rest, { network, url });
    if (key !== undefined) return { findings: [addresses, key], hasPositions: true };
    const spotUrl = isCustom ? url : SPOT_URL;
    const spot = isCustom || network === 'mainnet' ? restAt(spotUrl, settings, sign, http) : undefined;
    const open = openAt(url, http);
    const access = {
      network,
      rest,
      open,
      spot,
      settings,
      now: Date.now,
      wait: (ms: number) => pause(ms),
    } as const;
    const { findings, hasPositions } = await examine(access);
    return { findings: [addresses, ...findings], hasPositions };
  } finally {
    http.close();
  }
}

async function examine(access: VenueAccess): Promise<ExaminedAccount> {
  const clock = await checkVenueClock(access);
  const [rights, modes, balance, open, symbols] = await Promise.all([
    checkRights(access),
    checkModes(access),
    checkBalance(access.rest),
    checkOpen(access.rest),
    checkSymbols(access),
  ]);
  const { sample } = symbols;
  const orders =
    sample === undefined ? [skipped('STOP_ORDER', 'there is no symbol to try it on')] : await tried(access, sample);
  const findings = [clock, rights, ...modes, balance, ...symbols.findings, ...orders, open.finding];
  return { findings, hasPositions: open.hasPositions };
}

/** The finding that the venue refuses the key; every other check would only repeat it. */
async function refusedKey(rest: SignedRest, venue: AskedVenue): Promise<DoctorFinding | undefined> {
  const answer = await rest.send(account, undefined);
  if (answer.kind === 'OK') return undefined;
  const reasons = keyRefusal(answer, venue);
  if (reasons === undefined) return undefined;
  const [detail = '', ...ways] = reasons.map((text) => text.replace(/^ +(?:• )?/, ''));
  return absolute(fault('KEY', detail, ways.join('\n')));
}

/** Checks that send orders, one after the other: each must find the account as it was. */
async function tried(access: VenueAccess, sample: Listing): Promise<readonly DoctorFinding[]> {
  const findings = [await checkLeverage(access, sample), await checkStop(access, sample)];
  return access.settings.execution.dead_mans_switch ? [...findings, await checkCountdown(access, sample)] : findings;
}

function restAt(baseUrl: string, { binance }: Settings, sign: Signer, http: PostingHttpClient): SignedRest {
  const times = { timeoutMs: TIMEOUT_MS, recvWindowMs: RECV_WINDOW_MS, now: Date.now };
  return createSignedRest({ baseUrl, apiKey: binance.api_key.trim(), sign, http, ...times });
}

function openAt(baseUrl: string, http: PostingHttpClient): PublicRest {
  return createPublicRest({
    ...{ baseUrl, http, timeoutMs: TIMEOUT_MS, now: Date.now, governor: new RateGovernor({ now: Date.now, share: 1 }) },
    ...{ wait: (ms) => pause(ms), stop: AbortSignal.timeout(TIMEOUT_MS) },
  });
}
