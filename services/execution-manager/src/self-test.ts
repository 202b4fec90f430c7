import type { AccountConfig } from '@helios/binance/rest/endpoints/account-config.ts';
import type { RestAnswer } from '@helios/binance/rest/rest-answer.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { MARGIN_ASSET } from '@helios/shared/domain/units.ts';

export type SelfTest = NonNullable<LiveStatus['self_test']>;
type Check = SelfTest['checks'][number];

/** Above this a signed request may be refused, and ages of the venue's events are wrong. */
const MAX_CLOCK_OFFSET_MS = 5_000;

export interface SelfTestInput {
  readonly modes: RestAnswer<AccountConfig>;
  readonly availableBalance: number | undefined;
  /** Wallets of other assets than USDT. */
  readonly otherAssets: Account['other_assets'];
  readonly clockOffsetMs: number | undefined;
  readonly isUserStreamOpen: boolean;
  readonly isReconciled: boolean;
  /** Watched symbols whose terms are known. */
  readonly symbolsWithTerms: number;
  readonly nowMs: number;
}

/** Judges whether the account can trade now. Every check has a sentence that says what to do. */
export function judgeSelfTest(input: SelfTestInput): SelfTest {
  const checks = [
    ...modeChecks(input.modes),
    check('BALANCE', (input.availableBalance ?? 0) > 0, balanceText(input)),
    check('CLOCK', Math.abs(input.clockOffsetMs ?? Number.NaN) <= MAX_CLOCK_OFFSET_MS, clockText(input.clockOffsetMs)),
    check(
      'USER_STREAM',
      input.isUserStreamOpen,
      input.isUserStreamOpen ? 'open' : 'not open: fills would be seen late',
    ),
    check(
      'RECONCILED',
      input.isReconciled,
      input.isReconciled ? 'positions and orders are known' : 'the account was not read completely yet',
    ),
    check('TERMS', input.symbolsWithTerms > 0, `fees and brackets of ${input.symbolsWithTerms} symbols are known`),
  ];
  return { passed: checks.every(({ outcome }) => outcome !== 'FAILED'), ts: input.nowMs, checks };
}

function modeChecks(modes: RestAnswer<AccountConfig>): Check[] {
  if (modes.kind === 'FAILURE') return [check('ACCOUNT', false, `the venue did not show its modes: ${modes.detail}`)];
  const { isHedge, isMultiAssets, canTrade } = modes.value;
  return [
    check(
      'RIGHT_TO_TRADE',
      canTrade,
      canTrade ? 'the key may trade' : 'the key may not trade: enable futures for it at the venue',
    ),
    check(
      'ONE_WAY_MODE',
      !isHedge,
      isHedge ? 'the account is in hedge mode: close its positions there and set one-way mode' : 'one-way mode',
    ),
    check(
      'SINGLE_ASSET_MODE',
      !isMultiAssets,
      isMultiAssets
        ? 'several assets count as margin: set Asset Mode to Single-Asset at the venue'
        : 'USDT is the margin',
    ),
  ];
}

function balanceText({ availableBalance: available, otherAssets = {} }: SelfTestInput): string {
  if (available === undefined) return 'the balance is not known yet';
  if (available > 0) return `${available} ${MARGIN_ASSET} available`;
  const others = Object.entries(otherAssets).map(([asset, amount]) => `${amount} ${asset}`);
  if (others.length === 0) return `no ${MARGIN_ASSET} is available: transfer some to the futures account`;
  return `no ${MARGIN_ASSET} is available, only ${others.join(', ')}: convert it to ${MARGIN_ASSET} at the venue`;
}

function clockText(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return 'the clock of the venue is not known yet';
  return `the clock of the venue is ${Math.round(offsetMs)} ms ahead of ours; at most ${MAX_CLOCK_OFFSET_MS} ms are allowed: set the clock of this machine`;
}

const check = (name: string, passed: boolean, detail: string): Check => ({
  check: name,
  outcome: passed ? 'PASSED' : 'FAILED',
  detail,
});
