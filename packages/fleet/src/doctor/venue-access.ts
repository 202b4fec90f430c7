import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { SignedRest } from '@helios/binance/rest/signed-rest.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';

/** What the checks of the account need. */
export interface VenueAccess {
  readonly network: 'mainnet' | 'testnet';
  readonly rest: SignedRest;
  /** Requests without a signature: the venue may refuse one that it does not expect. */
  readonly open: PublicRest;
  /** The spot host, which knows the rights of a key; undefined on the test venue, which does not. */
  readonly spot: SignedRest | undefined;
  readonly settings: Pick<Settings, 'trading' | 'risk' | 'execution'>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}
