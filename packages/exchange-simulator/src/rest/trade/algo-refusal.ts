import type { ConditionalRefusal } from '../../trading/conditional-rules.ts';
import { type Refusal, unavailable } from '../refusal.ts';
import { duplicatedClientOrderId } from './order-refusal.ts';

const refused = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

/** The venue writes the name in lower case in this text. */
export const missingForType = (name: string): Refusal =>
  refused(-1102, `Mandatory parameter '${name.toLowerCase()}' was not sent, was empty/null, or malformed.`);

export const badCallbackRate = (): Refusal => refused(-2007, 'Invalid callBack rate.');
export const badWorkingType = (): Refusal => refused(-4031, 'Invalid parameter working type.');
export const orderTriggers = (): Refusal => refused(-4117, 'stop order is triggering');
export const quantityWithClose = (): Refusal => refused(-4137, 'Quantity must be zero with closePosition equals true');
export const stopPriceNotPositive = (): Refusal => refused(-4006, 'Stop price less than zero.');
export const badActivationPrice = (): Refusal => refused(-4135, 'Invalid activation price');
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
      return duplicatedClientOrderId();
    case 'NO_POSITION':
      return refused(
        -4509,
        'Time in Force (TIF) GTE can only be used with open positions. Please ensure that positions are available.',
      );
  }
}
