import { levelTexts, type UnitLevels } from '@helios/core/book/unit-levels.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { type EventFields, fieldTable, idOf } from './event-fields.ts';
import type { EventLayout } from './event-layout.ts';
import { isLevels, isSymbol, isWhole, type Loose } from './field-checks.ts';
import { literal } from './layout-scan.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@depth`, `@depth@100ms`, `@depth@500ms` (and `@depth@0ms` in recordings): absolute quantities of the levels that changed.
 * Source: developers.binance.com, USDⓈ-M, Diff. Book Depth Streams.
 */
export interface DepthUpdate {
  readonly kind: 'DEPTH_UPDATE';
  readonly symbol: string;
  /** Time of the matching engine (`T`), and send time of the venue (`E`); epoch ms. */
  readonly tsEvent: number;
  readonly tsSent: number;
  /** `U`, `u`: ids of the first and last contained update. */
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  /** `pu`: the `u` of the previous update on this stream. */
  readonly previousUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  /** The same levels as whole numbers, if the text had the exact layout of the venue. */
  readonly units?: UnitLevels;
}

/** A depth update as whole numbers. It makes texts of its levels on request. */
export class ScannedDepthUpdate implements DepthUpdate {
  readonly kind = 'DEPTH_UPDATE';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly previousUpdateId: number;
  readonly units: UnitLevels;

  constructor(fields: EventFields) {
    this.symbol = fields.symbol;
    this.tsEvent = fields.number(EVENT);
    this.tsSent = fields.number(SENT);
    this.firstUpdateId = fields.number(FIRST_ID);
    this.lastUpdateId = fields.number(LAST_ID);
    this.previousUpdateId = fields.number(PREVIOUS_ID);
    this.units = fields.levels();
  }

  get bids(): readonly Level[] {
    return levelTexts('bids', this.units);
  }

  get asks(): readonly Level[] {
    return levelTexts('asks', this.units);
  }
}

export const depthUpdateLayout: EventLayout<DepthUpdate> = {
  stream: literal('depth'),
  event: literal('depthUpdate"'),
  fields: fieldTable({
    E: 'WHOLE',
    T: 'WHOLE',
    s: 'SYMBOL',
    U: 'WHOLE',
    u: 'WHOLE',
    pu: 'WHOLE',
    b: 'BIDS',
    a: 'ASKS',
    st: 'MAY_BE_ONE',
    ps: 'MAY_BE_SYMBOL',
  }),
  build: (fields) => new ScannedDepthUpdate(fields),
};

const [SENT, EVENT] = [idOf('E'), idOf('T')];
const [FIRST_ID, LAST_ID, PREVIOUS_ID] = [idOf('U'), idOf('u'), idOf('pu')];

/** Hand-written checks, because this is the hottest message. */
export function parseDepthUpdate(data: Loose): DepthUpdate | WireFault {
  const { s, T, E, U, u, pu, b, a } = data;
  if (!isSymbol(s)) return badField('depthUpdate', 's', s);
  if (!isWhole(T)) return badField('depthUpdate', 'T', T);
  if (!isWhole(E)) return badField('depthUpdate', 'E', E);
  if (!isWhole(U)) return badField('depthUpdate', 'U', U);
  if (!isWhole(u)) return badField('depthUpdate', 'u', u);
  if (!isWhole(pu)) return badField('depthUpdate', 'pu', pu);
  if (!isLevels(b)) return badField('depthUpdate', 'b', b);
  if (!isLevels(a)) return badField('depthUpdate', 'a', a);
  return {
    kind: 'DEPTH_UPDATE',
    symbol: s,
    tsEvent: T,
    tsSent: E,
    firstUpdateId: U,
    lastUpdateId: u,
    previousUpdateId: pu,
    bids: b,
    asks: a,
  };
}
