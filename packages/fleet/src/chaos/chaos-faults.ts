import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { everyFault, type RehearsedFault } from '../rehearse/fault-plan.ts';
import type { LinkName } from './chaos-step.ts';
import type { LinkFault } from './link-fault.ts';

type VenueFault = Pick<RehearsedFault, 'what' | 'faults' | 'action' | 'isSilent'>;

const ORDER = { path: '/fapi/v1/order', method: 'POST' } as const;
const STOP = { path: '/fapi/v1/algoOrder', method: 'POST' } as const;

/** Every fault of the venue that chaos makes: those of the rehearsal, and more. */
export function venueFaults(symbol: string): readonly VenueFault[] {
  return [
    // The port of the venue closes in a step of its own, for a shorter time.
    ...everyFault(symbol).filter(({ isSilent }) => isSilent !== true),
    of('F1 -1007: the outcome of an order is unknown', {
      fault: 'status',
      status: 408,
      ...ORDER,
      after: true,
      times: 2,
    }),
    of('F2 503 to orders, which did not reach the market', { fault: 'status', status: 503, ...ORDER, times: 2 }),
    of('F4 the connection breaks after an order', { fault: 'reset', ...ORDER, after: true, times: 2 }),
    of('F13 the answer to a stop is lost', { fault: 'reset', ...STOP, after: true, times: 1 }),
    of('F13 the request for a stop breaks', { fault: 'reset', ...STOP, times: 1 }),
    of('F17 acknowledgements come late', { fault: 'slow', ms: 1_500, ...ORDER, after: true }),
    of('every answer of the venue is late', { fault: 'slow', ms: 250 }),
    of('half of the answers about the account are no JSON', { fault: 'garbage', path: '/fapi/v3', rate: 0.5 }),
    of('F35 429 to orders', { fault: 'status', status: 429, retry_after_sec: 1, ...ORDER, times: 2 }),
    of('F35 429 to queries of the account', {
      fault: 'status',
      status: 429,
      retry_after_sec: 1,
      path: '/fapi/v3',
      times: 3,
    }),
    of('F20 the venue shows no positions', { fault: 'positions', how: 'empty', times: 3 }),
    of('F33 a third of the user events is lost', { fault: 'user-event', how: 'lost', rate: 0.3, seed: 3 }),
    of('user events come late', { fault: 'user-event', how: 'late', ms: 1_200 }),
    of('F29 the user stream is silent', { fault: 'stream-mute', route: 'private' }),
    of('F29 all streams are half open', { fault: 'stream-mute', pong: false }),
    of('new stream connections are refused', { fault: 'stream-refuse' }, { fault: 'stream-cut', how: 'reset' }),
    of('F27 updates of a book are left out', { fault: 'stream-gap', symbol, times: 3 }),
    of('market data is three seconds late', { fault: 'stream-late', ms: 3_000, symbol }),
    of(`the price of ${symbol} rises by 3 %`, { fault: 'jump', symbol, percent: 3 }),
    of('F10 stops are rejected as they trigger', { fault: 'stop-rejected' }, { fault: 'jump', symbol, percent: -2 }),
    of('F34 the clock of the venue is 7 s ahead', { fault: 'clock', offset_ms: 7_000 }),
    of('F34 the clock of the venue is 7 s behind', { fault: 'clock', offset_ms: -7_000 }),
  ];
}

interface ChaosLinkFault {
  readonly link: LinkName;
  readonly fault: LinkFault;
  /** True if nobody can place a stop meanwhile. */
  readonly isSilent?: boolean;
}

/** Everything that happens to a network, on each link. */
export const LINK_FAULTS: readonly ChaosLinkFault[] = [
  { link: 'redis', fault: { kind: 'DELAY', ms: 150 } },
  { link: 'redis', fault: { kind: 'CUT' } },
  { link: 'redis', fault: { kind: 'CLOSED' } },
  { link: 'redis', fault: { kind: 'HALF_OPEN' } },
  { link: 'redis', fault: { kind: 'STALL' } },
  { link: 'redis', fault: { kind: 'BANDWIDTH', bytesPerSec: 20_000 } },
  { link: 'REST', fault: { kind: 'DELAY', ms: 200 } },
  { link: 'REST', fault: { kind: 'CUT' } },
  { link: 'REST', fault: { kind: 'CLOSED' }, isSilent: true },
  { link: 'REST', fault: { kind: 'HALF_OPEN' }, isSilent: true },
  { link: 'REST', fault: { kind: 'STALL' }, isSilent: true },
  { link: 'REST', fault: { kind: 'BANDWIDTH', bytesPerSec: 20_000 } },
  { link: 'streams', fault: { kind: 'DELAY', ms: 300 } },
  { link: 'streams', fault: { kind: 'CUT' } },
  { link: 'streams', fault: { kind: 'CLOSED' } },
  { link: 'streams', fault: { kind: 'HALF_OPEN' } },
  { link: 'streams', fault: { kind: 'STALL' } },
  { link: 'streams', fault: { kind: 'BANDWIDTH', bytesPerSec: 8_000 } },
];

const LINK_WORDS: Readonly<Record<LinkFault['kind'], string>> = {
  DELAY: 'are late',
  CUT: 'are cut',
  CLOSED: 'are refused',
  HALF_OPEN: 'are half open',
  STALL: 'stall, and deliver late',
  BANDWIDTH: 'are slow',
};

/** Describes a fault of a link: `connections to redis are cut`. */
export function linkText(link: LinkName, { kind }: LinkFault): string {
  return `connections to ${link === 'redis' ? 'Redis' : `the venue’s ${link}`} ${LINK_WORDS[kind]}`;
}

function of(what: string, ...faults: readonly FaultInput[]): VenueFault {
  return { what, faults };
}
