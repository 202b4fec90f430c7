import { account } from '@helios/binance/rest/endpoints/account.ts';
import { askAccountConfig } from '@helios/binance/rest/endpoints/account-config.ts';
import { keyRights } from '@helios/binance/rest/endpoints/key-rights.ts';
import { serverTime } from '@helios/binance/rest/endpoints/server-time.ts';
import type { SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { readPicture } from '../panic/account-picture.ts';
import { absolute, type DoctorFinding, fault, note, skipped, sound, unanswered } from './finding.ts';
import type { VenueAccess } from './venue-access.ts';

/** Above this execution-manager allows no entries. */
const MAX_OFFSET_MS = 5_000;
const NOTED_OFFSET_MS = 1_000;
const NOT_FOUND = 404;

/** Checks the clock of this machine against the venue's, by the fastest of three answers. */
export async function checkVenueClock({ open }: VenueAccess): Promise<DoctorFinding> {
  let best: { readonly offsetMs: number; readonly tripMs: number } | undefined;
  for (let times = 0; times < 3; times += 1) {
    const answer = await open.ask(serverTime, undefined);
    if (answer.kind !== 'OK') return unanswered('CLOCK', answer);
    const tripMs = answer.tsReceived - answer.tsSent;
    const offsetMs = answer.value - (answer.tsSent + answer.tsReceived) / 2;
    if (best === undefined || tripMs < best.tripMs) best = { offsetMs, tripMs };
  }
  const { offsetMs = 0, tripMs = 0 } = best ?? {};
  const found = `this clock is ${Math.abs(Math.round(offsetMs))} ms ${offsetMs > 0 ? 'behind' : 'ahead of'} the venue’s; a request takes ${tripMs} ms`;
  const fix = 'Let the machine set its clock: sudo timedatectl set-ntp true';
  if (Math.abs(offsetMs) > MAX_OFFSET_MS) return fault('CLOCK', found, fix);
  return Math.abs(offsetMs) > NOTED_OFFSET_MS ? note('CLOCK', found, fix) : sound('CLOCK', found);
}

/** Checks position mode, margin assets and the right to trade. */
export async function checkModes({ rest }: VenueAccess): Promise<readonly DoctorFinding[]> {
  const answer = await rest.send(askAccountConfig, undefined);
  if (answer.kind !== 'OK') return [unanswered('MODES', answer)];
  const { canTrade, isHedge, isMultiAssets } = answer.value;
  return [
    canTrade
      ? sound('TRADE_RIGHT', 'the account may trade')
      : fault('TRADE_RIGHT', 'the account may not trade', 'Ask the venue’s support why trading is off'),
    isHedge
      ? fault(
          'POSITION_MODE',
          'the account is in hedge mode; Helios trades in one-way mode only',
          'Close all positions and orders there, then set Preferences → Position Mode → One-way on the venue’s page',
        )
      : sound('POSITION_MODE', 'one-way'),
    isMultiAssets
      ? fault(
          'MARGIN_ASSETS',
          'several assets count as margin; Helios sizes positions by one asset, and this mode forbids isolated margin',
          'Set Preferences → Asset Mode → Single-Asset on the venue’s page',
        )
      : sound('MARGIN_ASSETS', 'single asset'),
  ];
}

/** Checks that the key may trade futures and may not withdraw. */
export async function checkRights({ spot, network }: Pick<VenueAccess, 'spot' | 'network'>): Promise<DoctorFinding> {
  if (spot === undefined) return skipped('KEY_RIGHTS', 'the test venue does not tell the rights of a key');
  const answer = await spot.send(keyRights, undefined);
  if (answer.kind !== 'OK') return rightsUnknown(answer.status, network, unanswered('KEY_RIGHTS', answer));
  const { mayWithdraw, mayTradeFutures, isBoundToAddresses } = answer.value;
  if (mayWithdraw)
    return absolute(
      fault(
        'KEY_RIGHTS',
        'the key may withdraw: a thief of the key can empty the account',
        'Edit the key on the venue’s page: turn “Enable Withdrawals” off, or make a key without it',
      ),
    );
  if (!mayTradeFutures)
    return fault('KEY_RIGHTS', 'the key may not trade futures', 'Edit the key: turn “Enable Futures” on');
  if (!isBoundToAddresses)
    return note(
      'KEY_RIGHTS',
      'the key works from every address',
      'Edit the key: “Restrict access to trusted IPs only”, with the address of this machine',
    );
  return sound('KEY_RIGHTS', 'trades futures, cannot withdraw, bound to addresses');
}

/** A custom venue may lack the path. */
function rightsUnknown(
  status: number | undefined,
  network: VenueAccess['network'],
  finding: DoctorFinding,
): DoctorFinding {
  return status === NOT_FOUND
    ? skipped('KEY_RIGHTS', `this ${network} venue does not tell the rights of a key`)
    : finding;
}

/** Checks that there is money to trade with. */
export async function checkBalance(rest: SignedRest): Promise<DoctorFinding> {
  const answer = await rest.send(account, undefined);
  if (answer.kind !== 'OK') return unanswered('BALANCE', answer);
  const { availableBalance, walletBalance } = answer.value;
  const found = `${availableBalance} of ${walletBalance} USD available`;
  if (Number(availableBalance) > 0) return sound('BALANCE', found);
  return fault('BALANCE', found, 'Transfer USDT to the futures wallet, or close positions');
}

/** What is open on the account, as a finding and as a fact: a start must protect what is open. */
export async function checkOpen(
  rest: SignedRest,
): Promise<{ readonly finding: DoctorFinding; readonly hasPositions: boolean }> {
  const seen = await readPicture(rest);
  if ('kind' in seen) return { finding: unanswered('OPEN', seen), hasPositions: true };
  const { positions, orders, stops } = seen;
  const found = `${positions.length} positions, ${orders.length} orders, ${stops.length} conditional orders`;
  const hasPositions = positions.length > 0;
  if (positions.length + orders.length + stops.length === 0) return { finding: sound('OPEN', 'nothing'), hasPositions };
  const advice = 'Helios goes on with its own, and never touches others; to close all: npm run panic';
  return { finding: note('OPEN', found, advice), hasPositions };
}
