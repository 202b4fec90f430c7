import type { Refusal } from '../refusal.ts';

/** Refusals of the trading endpoints: the venue's codes and texts. */
const refused = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

export const noSuchOrder = (): Refusal => refused(-2013, 'Order does not exist.');
export const noListenKey = (): Refusal => refused(-1125, 'This listenKey does not exist.');
