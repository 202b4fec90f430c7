import type { ConditionalRefusal } from '../../trading/conditional-orders.ts';
import { type Refusal, unavailable } from '../refusal.ts';

const refused = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

/** The venue writes names in lower case in these two texts. */
export const notRequired = (name: string): Refusal =>
  refused(-1106, `Parameter '${name.toLowerCase()}' sent when not required.`);
export const missingForType = (name: string): Refusal =>
  refused(-1102, `Mandatory parameter '${name.toLowerCase()}' was not sent, was empty/null, or malformed.`);

export const tooPrecise = (): Refusal => refused(-1111, 'Precision is over the maximum defined for this asset.');
export const badOrderType = (): Refusal => refused(-1116, 'Invalid orderType.');
export const badTimeInForce = (): Refusal => refused(-1115, 'Invalid timeInForce.');
export const badSide = (): Refusal => refused(-1117, 'Invalid side.');
export const badCallbackRate = (): Refusal => refused(-2007, 'Invalid callBack rate.');
export const unknownAlgoOrder = (): Refusal => refused(-2011, 'Unknown order sent.');
export const badClientAlgoId = (): Refusal => refused(-4015, 'Client order id length should be less than 36 chars');
export const badWorkingType = (): Refusal => refused(-4031, 'Invalid parameter working type.');
export const orderTriggers = (): Refusal => refused(-4117, 'stop order is triggering');
export const quantityWithClose = (): Refusal => refused(-4137, 'Quantity must be zero with closePosition equals true');
export const quantityNotPositive = (): Refusal => refused(-4003, 'Quantity less than or equal to zero.');
export const stopPriceNotPositive = (): Refusal => refused(-4006, 'Stop price less than zero.');
export const priceOffGrid = (): Refusal => refused(-4014, 'Price not increased by tick size.');
export const positionSideMismatch = (): Refusal =>
  refused(-4061, "Order's position side does not match user's setting.");
export const badActivationPrice = (): Refusal => refused(-4135, 'Invalid activation price');
export const closeOfWrongType = (type: string): Refusal =>
  refused(-4136, `Target strategy invalid for orderType ${type},closePosition true`);
export const dateTooNear = (): Refusal =>
  refused(
    -5040,
    'The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000 (UTC 9999-12-31 23:59:59)',
  );
export const eitherId = (): Refusal =>
  refused(-1102, "Param 'algoId' or 'clientAlgoId' must be sent, but both were empty/null!");
export const wouldTriggerAtOnce = (): Refusal => refused(-2021, 'Order would immediately trigger.');

/** The venue's answer to a conditional order that its algo service refuses. */
export function algoRefusal(reason: ConditionalRefusal): Refusal {
  switch (reason) {
    case 'NO_PRICE':
      return unavailable();
    case 'WOULD_TRIGGER':
      return wouldTriggerAtOnce();
    case 'CLOSE_EXISTS':
      return refused(
        -4130,
        'An open stop or take profit order with GTE and closePosition in the direction is existing.',
      );
    case 'TOO_MANY':
      return refused(-4045, 'Reach max stop order limit.');
    case 'DUPLICATE_ID':
      return refused(-4116, 'ClientOrderId is duplicated.');
    case 'NO_POSITION':
      return refused(
        -4509,
        'Time in Force (TIF) GTE can only be used with open positions. Please ensure that positions are available.',
      );
  }
}
