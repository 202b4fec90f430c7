import type { App } from './api.ts';

/** Listens on `host:port`. @throws Error with advice if the port is taken or forbidden, or the address is not on this machine */
export async function listen(app: App, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new Error(explained(error, host, port), { cause: error });
  }
}

function explained(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const where = `${host}:${port}`;
  if (code === 'EADDRINUSE') {
    return `The dashboard cannot listen on ${where}: the port is taken. Set DASHBOARD_PORT to a free one (DASHBOARD_PORT=${port + 1} npm start), or stop the program that uses it.`;
  }
  if (code === 'EACCES') {
    return `The dashboard may not listen on ${where}: ports below 1024 need special rights. Set DASHBOARD_PORT to a higher port.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The dashboard cannot listen on ${where}: this machine has no such address. Set dashboard.host (DASHBOARD_HOST) to an address of this machine, e.g. 127.0.0.1.`;
  }
  return `The dashboard cannot listen on ${where}: ${error instanceof Error ? error.message : error}.`;
}
