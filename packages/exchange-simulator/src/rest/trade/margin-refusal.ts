import type { Refusal } from '../refusal.ts';

const refused = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

/** Refusals about margin, leverage and modes: the venue's documented codes and texts. */
export const marginInsufficient = (): Refusal => refused(-2019, 'Margin is insufficient.');
export const aboveMaxPosition = (): Refusal =>
  refused(-2027, 'Exceeded the maximum allowable position at current leverage.');
export const leverageTooSmall = (): Refusal =>
  refused(-2028, 'Leverage is smaller than permitted: insufficient margin balance.');
export const badLeverage = (leverage: string): Refusal => refused(-4028, `Leverage ${leverage} is not valid`);
export const sameMarginType = (): Refusal => refused(-4046, 'No need to change margin type.');
export const marginTypeWithOrders = (): Refusal =>
  refused(-4047, 'Margin type cannot be changed if there exists open orders.');
export const marginTypeWithPosition = (): Refusal =>
  refused(-4048, 'Margin type cannot be changed if there exists position.');
export const notIsolated = (): Refusal => refused(-4049, 'Add margin only support for isolated position.');
export const crossBalanceInsufficient = (): Refusal => refused(-4050, 'Cross balance insufficient.');
export const isolatedBalanceInsufficient = (): Refusal => refused(-4051, 'Isolated balance insufficient.');
export const marginWithoutPosition = (): Refusal => refused(-4054, 'Cannot add position margin: position is 0.');
export const amountNotPositive = (): Refusal => refused(-4055, 'Amount must be positive.');
export const samePositionMode = (): Refusal => refused(-4059, 'No need to change position side.');
export const positionModeWithOrders = (): Refusal =>
  refused(-4067, 'Position side cannot be changed if there exists open orders.');
export const positionModeWithPosition = (): Refusal =>
  refused(-4068, 'Position side cannot be changed if there exists position.');
export const isolatedLeverageReduced = (): Refusal =>
  refused(-4161, 'Leverage reduction is not supported in Isolated Margin Mode with open positions.');
export const multiAssetsWithIsolated = (): Refusal =>
  refused(-4167, 'Unable to adjust to Multi-Assets mode with symbols of USDⓈ-M Futures under isolated-margin mode.');
export const isolatedInMultiAssets = (): Refusal =>
  refused(-4168, 'Unable to adjust to isolated-margin mode under the Multi-Assets mode.');
export const multiAssetsWithOrders = (): Refusal =>
  refused(-4170, 'Unable to adjust Multi-Assets Mode with open orders in USDⓈ-M Futures.');
export const sameMultiAssets = (): Refusal =>
  refused(-4171, 'Adjusted asset mode is currently set and does not need to be adjusted repeatedly.');
