import { Records } from '@helios/shared/contracts/catalog.ts';
import { freshLiveStatus, startRefusal } from '@helios/shared/domain/start-refusal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';

interface GateOptions {
  readonly bus: Bus<'signal-engine'>;
  readonly run: string;
  readonly wall: Clock;
}

/** What the venue's account demands of the trading state. */
export interface LiveGate {
  /** Why a Start is refused now; undefined if it is not. @throws BusUnavailable */
  whyNoStart(): Promise<string | undefined>;
  /** True if a query of the venue that began after `sinceTs` showed no position and no order of ours. @throws BusUnavailable */
  isFlatSince(sinceTs: number): Promise<boolean>;
}

export function createLiveGate({ bus, run, wall }: GateOptions): LiveGate {
  return {
    async whyNoStart() {
      return startRefusal(await bus.getRecord(Records.liveStatus), run, wall.now());
    },
    async isFlatSince(sinceTs) {
      const status = freshLiveStatus(await bus.getRecord(Records.liveStatus), run, wall.now());
      return status?.flat_ts !== undefined && status.flat_ts > sinceTs;
    },
  };
}
