import type { Refusal } from '../refusal.ts';

const refused = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

/** Refusals about margin, leverage and modes: the venue's documented codes and texts. */
export const marginInsufficient = (): Refusal => refused(-2019, 'Margin is insufficient.');
export const aboveMaxPosition = (): Refusal =>
  refused(-2027, 'Exceeded the maximum allowable position at current leverage.');
