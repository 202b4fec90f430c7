import { Lists, Maps, Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { Alert, FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import { serviceRowOf } from '@helios/shared/runtime/service-row.ts';
import type { CheckReading, FleetCheck } from '../fleet-check.ts';
import { type FleetReading, metricsOf } from './metrics-of.ts';
import { NewestDecisions } from './newest-decisions.ts';

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly mode: FleetMode;
  readonly limits: Pick<Settings['alerts'], 'heartbeat_timeout_sec'>;
  /** The machine's time. */
  readonly wall: Clock;
  readonly fleet: Pick<FleetCheck, 'lastReading'>;
  readonly board: PriceBoard;
  readonly openAlerts: () => readonly Pick<Alert, 'code' | 'level'>[];
}

/** Gathers all metrics of the fleet and writes them to Redis. No other service gathers metrics. */
export class MetricsGatherer {
  readonly #parts: Parts;
  readonly #decisions: NewestDecisions;
  readonly #refusals: NewestDecisions;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#decisions = new NewestDecisions(parts.bus, Lists.decisionLogs);
    this.#refusals = new NewestDecisions(parts.bus, Lists.decisionRefusals);
  }

  /** Does nothing while Redis is away or takes no writes: the written metrics grow old, and dashboard-api says so. */
  async gather(): Promise<void> {
    const { bus, mode, fleet } = this.#parts;
    const checked = fleet.lastReading();
    if (checked === undefined) return;
    await skipWhileAway(async () => {
      const reading = await this.#read(checked);
      const document = { run: mode.run, ts: reading.ts, metrics: metricsOf(reading) };
      await bus.write((batch) => batch.set(Values.fleetMetrics, document));
    });
  }

  async #read({ ts: checkedTs, services, summary, live }: CheckReading): Promise<FleetReading> {
    const { bus, mode, limits, wall, board, openAlerts } = this.#parts;
    const timeoutMs = limits.heartbeat_timeout_sec * 1_000;
    const [trading, positions, orders, decisions, refusals] = await Promise.all([
      bus.getRecord(Records.fleetState),
      bus.getMap(Maps.openPositions),
      bus.getMap(Maps.openOrders),
      this.#decisions.read(),
      this.#refusals.read(),
    ]);
    const isOwn = ({ run }: { readonly run: string }): boolean => run === mode.run;
    return {
      ts: wall.now(),
      mode,
      trading,
      services: services.map((member) => serviceRowOf(member, checkedTs, timeoutMs)),
      books: board.bookAges(),
      summary: summary && isOwn(summary) ? summary : undefined,
      account: live.account,
      live: live.status,
      counts: live.counts,
      positions: Object.values(positions)
        .filter(isOwn)
        .map((position) => ({ ...position, ...board.valuationOf(position) })),
      orders: Object.values(orders).filter(isOwn).length,
      alerts: openAlerts(),
      decisions: decisions.filter(isOwn),
      refusals: refusals.filter(isOwn),
    };
  }
}
