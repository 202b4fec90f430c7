import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { LIVE_ORDER_ID } from '@helios/exchange-simulator/audit/audit-venue.ts';
import { audit } from '@helios/exchange-simulator/audit/auditor.ts';
import { bareTimes, type Silence } from '@helios/exchange-simulator/audit/cover-gaps.ts';
import { type LedgerEvent, orderEventsOf } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { RehearsedFault } from './fault-plan.ts';
import type { FleetBooks } from './read-books.ts';

/** A fault that was injected, epoch ms of the venue. */
export interface InjectedFault extends Pick<RehearsedFault, 'what' | 'isSilent'> {
  readonly fromTs: number;
  readonly toTs: number;
  /** False if it hit nothing: no request, no connection, no process. */
  readonly isMet?: boolean;
}

export interface Rehearsed {
  readonly startedTs: number;
  readonly endedTs: number;
  readonly ledger: readonly LedgerEvent[];
  readonly books: FleetBooks;
  readonly faults: readonly InjectedFault[];
  readonly walletBefore: string;
  readonly walletAfter: string;
  /** Largest request weight of a minute, as the venue counted it. */
  readonly maxMinuteWeight: number;
  /** What is still open after Flatten, one line each; empty if the account is flat. */
  readonly leftOpen: readonly string[];
  /** First word of the report; default: Rehearsal. */
  readonly title?: string;
  /** More times in which nobody could protect: execution-manager was killed or stopped. */
  readonly silences?: readonly Silence[];
  /** Broken rules that neither ledger shows. */
  readonly alsoBroken?: readonly { readonly code: string; readonly what: string }[];
}

/** Time that the fleet may need to notice that the venue answers again, ms. */
const RECOVERY_MS = 5_000;

/** The venue's limit per minute and address. Above it refuses, then bans, also what protects. */
const WEIGHT_LIMIT = 2_400;

/** What an operator would have lost, and every rule that was broken. */
export function rehearsalReport(rehearsed: Rehearsed): {
  readonly lines: readonly string[];
  readonly isClean: boolean;
  readonly violations: readonly string[];
  readonly fills: number;
  /** Longest time that a position had no cover although it could have had one, ms. */
  readonly maxBareMs: number;
} {
  const { ledger, books, faults, walletBefore, walletAfter, leftOpen, startedTs, endedTs, maxMinuteWeight } = rehearsed;
  const { title = 'Rehearsal', alsoBroken = [] } = rehearsed;
  const away = faults
    .filter(({ isSilent }) => isSilent)
    .map(({ fromTs, toTs }) => ({ fromTs, toTs: toTs + RECOVERY_MS }));
  const silences = [...away, ...(rehearsed.silences ?? [])];
  const wallets = { before: walletBefore, after: walletAfter };
  const violations = [
    ...audit({ ledger, silences, ...books, ...(leftOpen.length === 0 && { wallets }) }),
    ...alsoBroken,
  ];
  const money = moneyIn(ledger, 0, Number.POSITIVE_INFINITY);
  const bare = bareTimes(ledger, silences);
  const maxBareMs = Math.max(0, ...bare.map(({ ms }) => ms));
  const change = moneyOf(walletAfter) - moneyOf(walletBefore);
  return {
    isClean: violations.length === 0 && leftOpen.length === 0 && money.fills > 0,
    violations: [
      ...violations.map(({ code, what }) => `${code}: ${what}`),
      ...leftOpen.map((one) => `NOT_FLAT: ${one}`),
    ],
    fills: money.fills,
    maxBareMs,
    lines: [
      `${title} of ${((endedTs - startedTs) / 60_000).toFixed(1)} minutes, ${faults.length} faults`,
      `  fills       ${money.fills} of ${money.orders} orders; ${stopsOf(ledger)} stops placed`,
      `  wallet      ${twoDigits(moneyOf(walletBefore))} → ${twoDigits(moneyOf(walletAfter))}: ${signed(change)} USDT`,
      `              prices ${signed(money.realised)}, fees ${signed(-money.fees)}, funding ${signed(change - money.realised + money.fees)}`,
      `  cover       missing for at most ${maxBareMs} ms; ${excusedText(bare)}`,
      `  requests    at most ${maxMinuteWeight} of the venue’s ${WEIGHT_LIMIT} weight in a minute`,
      ...(money.fills === 0 ? ['  NOTHING     no order filled, so this rehearsal shows nothing'] : []),
      ...faults.map((fault) => faultLine(fault, rehearsed)),
      ...(violations.length === 0
        ? [`  rules       none broken; ${books.trades.length} trades on record explain the wallet to the last digit`]
        : []),
      ...violations.map(({ code, what }) => `  BROKEN      ${code}: ${what}`),
      leftOpen.length === 0
        ? '  Flatten     the venue shows no position and no order'
        : `  NOT FLAT    ${leftOpen.join('; ')}`,
    ],
  };
}

function excusedText(bare: readonly { readonly excusedMs: number }[]): string {
  const excused = bare.filter(({ excusedMs }) => excusedMs > 0);
  const longest = Math.max(0, ...excused.map(({ excusedMs }) => excusedMs));
  return `besides ${excused.length} times while nobody could place a stop, at most ${longest} ms`;
}

function faultLine({ what, fromTs, toTs, isMet }: InjectedFault, { ledger, startedTs }: Rehearsed): string {
  const { realised, fees, fills } = moneyIn(ledger, fromTs, toTs + RECOVERY_MS);
  const at = Math.round((fromTs - startedTs) / 1_000);
  const clock = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
  return `  ${clock.padStart(5)}       ${what.padEnd(42)} ${signed(realised - fees)} USDT in ${fills} fills${isMet === false ? '; it met nothing' : ''}`;
}

interface MoneyOfFills {
  readonly fills: number;
  readonly orders: number;
  readonly realised: bigint;
  readonly fees: bigint;
}

function moneyIn(ledger: readonly LedgerEvent[], fromTs: number, toTs: number): MoneyOfFills {
  const events = orderEventsOf(ledger).filter(({ ts, fill }) => fill !== undefined && ts >= fromTs && ts <= toTs);
  return {
    fills: events.length,
    orders: new Set(events.map(({ order }) => order.order_id)).size,
    realised: events.reduce((sum, { fill }) => sum + moneyOf(fill?.realised ?? '0'), 0n),
    fees: events.reduce((sum, { fill }) => sum + moneyOf(fill?.commission ?? '0'), 0n),
  };
}

function stopsOf(ledger: readonly LedgerEvent[]): number {
  return new Set(ledger.flatMap((event) => (isOurStop(event) ? [event.order.client_algo_id] : []))).size;
}

/** The doctor's stop at the start does not count. */
function isOurStop(event: LedgerEvent): event is Extract<LedgerEvent, { kind: 'ALGO' }> {
  return event.kind === 'ALGO' && LIVE_ORDER_ID.test(event.order.client_algo_id);
}

const twoDigits = (money: bigint): string => Number(moneyText(money)).toFixed(2);
const signed = (money: bigint): string => `${money < 0n ? '−' : '+'}${twoDigits(money < 0n ? -money : money)}`;
