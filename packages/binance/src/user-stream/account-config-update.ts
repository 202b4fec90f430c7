import { isLoose, isSymbol, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** `ACCOUNT_CONFIG_UPDATE`: the leverage of a symbol, or the margin assets mode, was changed by us or by another hand. */
export interface AccountConfigUpdate {
  readonly kind: 'ACCOUNT_CONFIG_UPDATE';
  readonly leverage?: { readonly symbol: string; readonly leverage: number };
  /** Several assets count as margin. */
  readonly isMultiAssets?: boolean;
}

/** Parses the documented event. Source: developers.binance.com, USDⓈ-M, Event Account Configuration Update. */
export function parseAccountConfigUpdate({ ac, ai }: Loose): AccountConfigUpdate | WireFault {
  const kind = 'ACCOUNT_CONFIG_UPDATE';
  const leverage = ac === undefined ? {} : parseLeverage(ac);
  if ('kind' in leverage) return leverage;
  if (ai === undefined) return { kind, ...leverage };
  const isOn = isLoose(ai) ? ai['j'] : undefined;
  return typeof isOn === 'boolean' ? { kind, ...leverage, isMultiAssets: isOn } : badField(kind, 'ai.j', isOn);
}

function parseLeverage(ac: unknown): Pick<AccountConfigUpdate, 'leverage'> | WireFault {
  if (!isLoose(ac)) return badField('ACCOUNT_CONFIG_UPDATE', 'ac', ac);
  const { s: symbol, l: leverage } = ac;
  if (!isSymbol(symbol)) return badField('ACCOUNT_CONFIG_UPDATE', 'ac.s', symbol);
  if (!isWhole(leverage) || leverage < 1) return badField('ACCOUNT_CONFIG_UPDATE', 'ac.l', leverage);
  return { leverage: { symbol, leverage } };
}
