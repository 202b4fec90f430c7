import { decimalsOf } from '@helios/core/price/decimal-text.ts';

/** One contract of `exchangeInfo`: the fields that differ between symbols. */
export interface Contract {
  readonly symbol: string;
  readonly pair: string;
  /** PERPETUAL, TRADIFI_PERPETUAL, CURRENT_QUARTER, NEXT_QUARTER, `CURRENT_QUARTER DELIVERING`, … */
  readonly contractType: string;
  /** TRADING, PENDING_TRADING, TRADING_HALT, PRE_SETTLE, SETTLING, DELIVERING, DELIVERED, CLOSE, … */
  readonly status: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly marginAsset: string;
  /** `st`: 1 USDⓈ-M, 2 COIN-M. */
  readonly marginKind: 1 | 2;
  /** COIN, EQUITY, HK_EQUITY, KR_EQUITY, CN_EQUITY, COMMODITY, FX, INDEX, PREMARKET. */
  readonly underlyingType: string;
  readonly underlyingSubType: readonly string[];
  readonly tickSize: string;
  /** Tick size that a fault shows and checks instead, a multiple of `tickSize`. */
  readonly shownTickSize?: string;
  readonly stepSize: string;
  readonly minNotional: string;
  readonly onboardDate: number;
  readonly deliveryDate: number;
}

/** A contract as given: only the symbol is mandatory. */
export type ContractInput = Partial<Contract> & { readonly symbol: string };

/** Delivery date of a contract without delivery: 2100-12-25. */
const NEVER_MS = 4_133_404_800_000;
const ONBOARD_MS = 1_569_398_400_000;
/** Largest share of the mark price by which the contract price may differ when a protected order triggers. */
export const TRIGGER_PROTECT = '0.0500';
const QUOTES = ['USDT', 'USDC', 'BTC', 'BUSD'];

/** Limits that every contract shares, as its filters show them. */
export const CONTRACT_LIMITS = {
  maxPrice: '1000000',
  maxQuantity: '1000000',
  maxMarketQuantity: '100000',
  maxOpenOrders: 200,
  /** A buy's limit may lie so far above the mark price, a sell's so far below. */
  multiplierUp: '1.0500',
  multiplierDown: '0.9500',
  /** A MARKET order takes prices up to this part away from the mark price. */
  marketTakeBound: '0.05',
} as const;

/** End `_YYMMDD` of a symbol with delivery, at 08:00 UTC of that day. */
const DATED = /_(\d{2})(\d{2})(\d{2})$/;
const DELIVERY_HOUR = 8;

/** The delivery date in a symbol, epoch ms; undefined if it has none. */
function dateOfSymbol(symbol: string): number | undefined {
  const found = DATED.exec(symbol);
  return found === null
    ? undefined
    : Date.UTC(2_000 + Number(found[1]), Number(found[2]) - 1, Number(found[3]), DELIVERY_HOUR);
}

/** The contract at a time: after its delivery date a trading contract is DELIVERING. */
export function contractAt(contract: Contract, nowTs: number): Contract {
  const { contractType, deliveryDate, status } = contract;
  if (status !== 'TRADING' || nowTs < deliveryDate || contractType.endsWith('DELIVERING')) return contract;
  return { ...contract, status: 'DELIVERING', contractType: `${contractType} DELIVERING` };
}

/** Completes a contract with the fields of a usual USDT perpetual, or of a quarterly if the symbol ends in a date. Quote and base come from the symbol. */
export function completeContract(input: ContractInput): Contract {
  const deliveryTs = dateOfSymbol(input.symbol);
  const pair = input.pair ?? input.symbol.split('_')[0] ?? input.symbol;
  const quoteAsset = input.quoteAsset ?? QUOTES.find((quote) => pair.endsWith(quote)) ?? 'USDT';
  return {
    pair,
    contractType: deliveryTs === undefined ? 'PERPETUAL' : 'CURRENT_QUARTER',
    status: 'TRADING',
    baseAsset: pair.endsWith(quoteAsset) ? pair.slice(0, -quoteAsset.length) : pair,
    quoteAsset,
    marginAsset: quoteAsset,
    marginKind: 1,
    underlyingType: 'COIN',
    underlyingSubType: [],
    tickSize: '0.01',
    stepSize: '0.001',
    minNotional: '5',
    onboardDate: ONBOARD_MS,
    deliveryDate: deliveryTs ?? NEVER_MS,
    ...input,
  };
}

/**
 * Fields of every row since the venue merged COIN-M in on 2026-06-30: the margin kind and the pair. Their place in a row is not
 * documented; here they come last.
 */
export function mergerFields({ marginKind, pair }: Contract): Record<string, unknown> {
  return { st: marginKind, ps: pair };
}

/** A contract's row in `exchangeInfo`, with the venue's fields and their order. */
export function contractRow(contract: Contract): Record<string, unknown> {
  const { stepSize, shownTickSize: tickSize = contract.tickSize } = contract;
  const lot = { stepSize, minQty: stepSize };
  const { maxPrice, maxQuantity, maxMarketQuantity, multiplierUp, multiplierDown } = CONTRACT_LIMITS;
  return {
    symbol: contract.symbol,
    pair: contract.pair,
    contractType: contract.contractType,
    deliveryDate: contract.deliveryDate,
    onboardDate: contract.onboardDate,
    status: contract.status,
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: contract.baseAsset,
    quoteAsset: contract.quoteAsset,
    marginAsset: contract.marginAsset,
    pricePrecision: decimalsOf(tickSize),
    quantityPrecision: decimalsOf(stepSize),
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: contract.underlyingType,
    underlyingSubType: contract.underlyingSubType,
    triggerProtect: TRIGGER_PROTECT,
    liquidationFee: '0.015000',
    marketTakeBound: CONTRACT_LIMITS.marketTakeBound,
    maxMoveOrderLimit: 10000,
    filters: [
      { filterType: 'PRICE_FILTER', maxPrice, minPrice: tickSize, tickSize },
      { filterType: 'LOT_SIZE', maxQty: maxQuantity, ...lot },
      { filterType: 'MARKET_LOT_SIZE', maxQty: maxMarketQuantity, ...lot },
      { filterType: 'MAX_NUM_ORDERS', limit: CONTRACT_LIMITS.maxOpenOrders },
      { filterType: 'MAX_NUM_ALGO_ORDERS', limit: 10 },
      { filterType: 'MIN_NOTIONAL', notional: contract.minNotional },
      { filterType: 'PERCENT_PRICE', multiplierUp, multiplierDown, multiplierDecimal: '4' },
      { filterType: 'POSITION_RISK_CONTROL', positionControlSide: 'NONE' },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    permissionSets: ['GRID', 'COPY', 'DCA'],
    ...mergerFields(contract),
  };
}
