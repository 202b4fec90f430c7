import { createServer } from 'node:net';
import { StartRefused } from './start-refused.ts';

/**
 * Makes sure that the dashboard will be able to listen.
 * @throws StartRefused naming the port and the setting
 */
export function assertDashboardPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new StartRefused([
          `The dashboard cannot listen on ${host}:${port}: ${taken ? 'the port is already taken' : error.code === 'EACCES' ? 'this user may not use the port' : error.message}.`,
          `  • Use another: DASHBOARD_PORT=${port + 1} (in the environment or in .env)${taken ? `, or end the program there (to see which: lsof -i :${port})` : ''}.`,
          ...(error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
            ? ['  • Or correct DASHBOARD_HOST: this machine has no such address.']
            : []),
        ]),
      );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
