import type { OrderPurpose, OrderType } from '@helios/shared/domain/order.ts';
import type { ProfileName } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';
import { isLimitMode, isUrgentExit } from '../execution/fees.ts';

/** Use of an order, as far as its type depends on it. An urgent exit cannot wait for a fill. */
type OrderUse = 'ENTRY' | 'EXIT' | 'URGENT_EXIT';

/** Differences between simulated and live trading. The trading path reads only these fields. */
export interface TradingProfile {
  readonly name: ProfileName;
  /** Where stop and trailing stop are watched: by the strategy on every price, or by stop orders on the venue. */
  readonly stopsRestAt: 'ENGINE' | 'VENUE';
  readonly orderTypes: Readonly<Record<OrderUse, OrderType>>;
  /** Result of a gate without enough data: pass the entry with NOT_WARM, or refuse it. */
  readonly coldGate: 'ABSTAIN' | 'REFUSE';
  /** FIXED: `position_size` or `position_notional`. RISK_BASED: by Kelly, leverage and the account. */
  readonly sizing: 'FIXED' | 'RISK_BASED';
}

const TAKING = { ENTRY: 'MARKET', EXIT: 'MARKET', URGENT_EXIT: 'MARKET' } as const;
const RESTING = { ENTRY: 'LIMIT', EXIT: 'LIMIT', URGENT_EXIT: 'MARKET' } as const;

const LIVE: TradingProfile = {
  name: 'LIVE',
  stopsRestAt: 'VENUE',
  orderTypes: TAKING,
  coldGate: 'REFUSE',
  sizing: 'RISK_BASED',
};

/** The paper venue accepts no stop orders, so the strategy watches the stops. */
const LIVE_ON_PAPER: TradingProfile = { ...LIVE, name: 'LIVE_ON_PAPER', stopsRestAt: 'ENGINE' };

const SIMULATION: Omit<TradingProfile, 'orderTypes'> = {
  name: 'SIMULATION',
  stopsRestAt: 'ENGINE',
  coldGate: 'ABSTAIN',
  sizing: 'FIXED',
};

/** The profile with this name. Only a simulation chooses its order types, by `simulation.mode`. */
export function profileOf(name: ProfileName, { simulation }: Pick<Settings, 'simulation'>): TradingProfile {
  switch (name) {
    case 'LIVE':
      return LIVE;
    case 'LIVE_ON_PAPER':
      return LIVE_ON_PAPER;
    case 'SIMULATION':
      return { ...SIMULATION, orderTypes: isLimitMode(simulation.mode) ? RESTING : TAKING };
  }
}

/** The order type that the profile gives to an order of this use. */
export function orderTypeFor(
  { orderTypes }: Pick<TradingProfile, 'orderTypes'>,
  purpose: OrderPurpose,
  exitReason: ExitReason | undefined,
): OrderType {
  if (purpose === 'ENTRY') return orderTypes.ENTRY;
  return orderTypes[isUrgentExit(exitReason) ? 'URGENT_EXIT' : 'EXIT'];
}
