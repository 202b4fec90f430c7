import { Maps } from '@helios/shared/contracts/catalog.ts';
import { OrdersReply } from '@helios/shared/domain/http-replies.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readOrders({ bus, mode, clock }: Api): Promise<OrdersReply> {
  const orders = Object.values(await bus.getMap(Maps.openOrders)).filter(({ run }) => run === mode.run);
  orders.sort((a, b) => b.placed_ts - a.placed_ts || a.order_id.localeCompare(b.order_id));
  return { run: mode.run, clock_ts: clock.now(), orders };
}

export function ordersRoute(app: App, api: Api): void {
  app.get(
    '/api/orders',
    { schema: { summary: 'Resting orders, newest first', response: { 200: OrdersReply, ...ERROR_ANSWERS } } },
    () => readOrders(api),
  );
}
