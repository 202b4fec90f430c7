import { createServer } from 'node:net';
import { StartRefused } from './start-refused.ts';

/**
 * Checks that the dashboard can listen on its port.
 * @throws StartRefused that names the port and the setting
 */
export function assertDashboardPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new StartRefused([
          `The dashboard cannot listen on ${host}:${port}: ${taken ? 'another program uses the port' : error.code === 'EACCES' ? 'this user may not use the port' : error.message}.`,
          `  • Use another: DASHBOARD_PORT=${port + 1} (in the environment or in .env)${taken ? `, or end that program (to see which: lsof -i :${port})` : ''}.`,
          ...(error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
            ? ['  • Or correct DASHBOARD_HOST: this machine has no such address.']
            : []),
        ]),
      );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
