import type { Refusal } from '../refusal.ts';

/** Refusals of orders: codes and texts from the venue's list of error codes, and where seen, from the venue itself. */
const refused = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

// Syntax.
export const eitherMissing = (one: string, other: string): Refusal =>
  refused(-1102, `Param '${one}' or '${other}' must be sent, but both were empty/null!`);
export const emptyParameter = (name: string): Refusal => refused(-1105, `Parameter '${name}' was empty.`);
export const paramNotRequired = (name: string): Refusal =>
  refused(-1106, `Parameter '${name}' sent when not required.`);
export const invalidTimeInForce = (): Refusal => refused(-1115, 'Invalid timeInForce.');
export const invalidOrderType = (): Refusal => refused(-1116, 'Invalid orderType.');
export const invalidSide = (): Refusal => refused(-1117, 'Invalid side.');
export const badCombination = (): Refusal => refused(-1128, 'Combination of optional parameters invalid.');
export const invalidResponseType = (): Refusal => refused(-1136, 'Invalid newOrderRespType.');
/** As the venue says it in 2026, although it accepts 36 characters; its list of codes has another text. */
export const longClientOrderId = (): Refusal => refused(-4015, 'Client order id length should be less than 36 chars');
export const illegalClientOrderId = (name: string): Refusal =>
  refused(-1100, `Illegal characters found in parameter '${name}'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.`);
export const invalidPositionSide = (): Refusal => refused(-4060, 'Invalid position side.');
export const invalidReduceOnly = (): Refusal => refused(-4062, 'Invalid or improper reduceOnly value.');
export const conditionalType = (): Refusal =>
  refused(-4120, 'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.');
export const closePositionType = (type: string): Refusal =>
  refused(-4136, `Target strategy invalid for orderType ${type},closePosition true`);
export const invalidPriceMatch = (): Refusal => refused(-5037, 'Invalid price match');
export const priceMatchType = (): Refusal =>
  refused(-5038, 'Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT');
export const invalidSelfTradeMode = (): Refusal => refused(-5039, 'Invalid self trade prevention mode');
export const badGoodTillDate = (): Refusal =>
  refused(
    -5040,
    'The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000 (UTC 9999-12-31 23:59:59)',
  );

// The contract and its filters.
export const contractClosed = (): Refusal =>
  refused(-4108, 'Symbol is on delivering or delivered or settling or closed or pre-trading.');
export const noOpening = (): Refusal => refused(-4140, 'Invalid symbol status for opening position.');
export const precisionTooHigh = (): Refusal => refused(-1111, 'Precision is over the maximum defined for this asset.');
export const priceTooLow = (): Refusal => refused(-4001, 'Price less than 0.');
export const priceTooHigh = (): Refusal => refused(-4002, 'Price greater than max price.');
export const quantityTooLow = (): Refusal => refused(-4003, 'Quantity less than or equal to zero.');
export const quantityTooHigh = (): Refusal => refused(-4005, 'Quantity greater than max quantity.');
export const offTick = (): Refusal => refused(-4014, 'Price not increased by tick size.');
export const offStep = (): Refusal => refused(-4023, 'Qty not increased by step size.');
export const aboveCap = (price: string): Refusal => refused(-4016, `Limit price can't be higher than ${price}.`);
export const belowFloor = (price: string): Refusal => refused(-4024, `Limit price can't be lower than ${price}.`);
export const counterpartyTooFar = (): Refusal =>
  refused(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.");
export const notionalTooLow = (least: string): Refusal =>
  refused(-4164, `Order's notional must be no smaller than ${least} (unless you choose reduce only).`);
export const noMatchingDepth = (): Refusal => refused(-5041, 'No depth matches this BBO order');

// The account and its orders.
export const wrongPositionSide = (): Refusal => refused(-4061, "Order's position side does not match user's setting.");
export const reduceOnlyRejected = (): Refusal => refused(-2022, 'ReduceOnly Order is rejected.');
export const tooManyOpenOrders = (): Refusal => refused(-2025, 'Reach max open order limit.');
export const duplicatedClientOrderId = (): Refusal => refused(-4116, 'ClientOrderId is duplicated.');
export const fokRejected = (): Refusal =>
  refused(-5021, 'Due to the order could not be filled immediately, the FOK order has been rejected.');
export const gtxRejected = (): Refusal =>
  refused(-5022, 'Due to the order could not be executed as maker, the Post Only order will be rejected.');

// Open orders.
export const unknownOrderSent = (): Refusal => refused(-2011, 'Unknown order sent.');
export const notTradingForAmendment = (): Refusal =>
  refused(-5024, 'Symbol is not in trading status. Order amendment is not permitted.');
export const tooManyAmendments = (): Refusal => refused(-5026, 'Exceed maximum modify order limit.');
export const sameOrder = (): Refusal => refused(-5027, 'No need to modify the order.');
export const amendmentNotionalTooLow = (least: string): Refusal =>
  refused(-5029, `Order's notional must be no smaller than ${least}`);
/** The code is documented, the text is not. */
export const reduceOnlyMismatch = (): Refusal => refused(-5047, 'ReduceOnly does not match that of the order.');
export const badBatchSize = (): Refusal => refused(-4082, 'Invalid number of batch place orders.');
export const tooManyToCancel = (): Refusal => refused(-4032, 'Exceed maximum cancel order size.');
export const longWindow = (): Refusal => refused(-4165, 'Maximum time interval is 7 days');
export const tooManyOrders = (limit: number, interval: string): Refusal => ({
  ...refused(-1015, `Too many new orders; current limit is ${limit} orders per ${interval}.`),
  status: 429,
});
