import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleControl, type SiteControl } from '../control/control-handler.ts';
import { BadFault, Fault, type FaultInput } from '../faults/fault.ts';
import type { FaultSubject } from '../faults/fault-board.ts';
import type { RequestLog, RequestReport } from '../limits/request-log.ts';
import type { StreamReport } from '../limits/stream-log.ts';
import { carryOut, type FaultyPlace } from './carry-out.ts';
import { jsonReply, type Reply, refuseUpgrade, send, sendHalf } from './reply.ts';
import { SwitchableServer, type UpgradeListener } from './switchable-server.ts';

/** A simulated site: its answers without faults. */
export interface Site extends FaultyPlace {
  readonly requests: RequestLog;
  /** Answers a request and returns its request weight. */
  answer(request: IncomingMessage, url: URL): Promise<{ readonly reply: Reply; readonly weight: number }>;
  /** Symbol and account of a request, for faults that name them; absent if the site has neither. */
  subjectOf?(request: IncomingMessage, url: URL): Promise<FaultSubject>;
  /** Why the site does not support these faults; undefined if it does. */
  complaintOf?(faults: readonly Fault[]): string | undefined;
  /** The site's WebSocket side, if it has one. */
  readonly streams?: StreamListener;
  /** The site's own control requests, besides those of every site. */
  readonly control?: SiteControl;
  /** Called after a change of the faults: the site applies those that are not about single requests. */
  onFaults?(): void;
}

/** The WebSocket side of a site. */
export interface StreamListener {
  /** Takes the connection, or returns the answer to send instead. */
  upgrade(request: IncomingMessage, transport: Duplex, head: Buffer, url: URL): Reply | undefined;
  /** Called after a change of the faults: stream faults that happen once happen now. */
  onFaults(): void;
  report(): StreamReport;
  clearReport(): void;
}

export interface ServerPlace {
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined;
  readonly controlPort?: number | undefined;
  readonly host?: string | undefined;
}

/** A running server with control over its faults. */
export interface FaultyServer {
  /** Base address of the site. */
  readonly url: string;
  /** Base address of `/control/faults` and `/control/requests`; open even if the site's port is closed. */
  readonly controlUrl: string;
  /** Replaces all faults; an empty list removes all. Rejects with zod's error for an invalid fault, BadFault for an unsupported one. */
  setFaults(faults: readonly FaultInput[]): Promise<void>;
  faults(): readonly Fault[];
  /** How often each fault with a label has struck. */
  metFaults(): Readonly<Record<string, number>>;
  /** Counts and weight by minute and path, and stream counts if there are streams. */
  requests(): RequestReport & { readonly streams?: StreamReport };
  clearRequests(): void;
  stop(): Promise<void>;
}

/** How often the server checks whether to open a port that a fault closed. */
const TICK_MS = 100;

/** Serves a site; faults apply first. Rejects with the system's error if a port is taken. */
export async function startFaultyServer(site: Site, place: ServerPlace): Promise<FaultyServer> {
  const host = place.host ?? '127.0.0.1';
  const control: Omit<FaultyServer, 'url' | 'controlUrl' | 'stop'> = {
    async setFaults(inputs) {
      const faults = inputs.map((input) => Fault.parse(input));
      const complaint = site.complaintOf?.(faults);
      if (complaint !== undefined) throw new BadFault(complaint);
      site.faults.set(faults, site.clock());
      site.onFaults?.();
      await follow();
    },
    faults: () => site.faults.list(site.clock()),
    metFaults: () => site.faults.met(),
    requests: () => ({ ...site.requests.report(), ...(site.streams && { streams: site.streams.report() }) }),
    clearRequests() {
      site.requests.clear();
      site.streams?.clearReport();
    },
  };
  const controls = { faulty: control, site: site.control };
  const server = await SwitchableServer.start(
    guarded(async (request, response, url) => {
      if (isControl(site, url.pathname)) await handleControl(request, response, url, controls);
      else await serve(site, request, response, url);
    }),
    place.port ?? 0,
    host,
    site.streams && upgrading(site.streams),
  );
  const controlServer = await SwitchableServer.start(
    guarded((request, response, url) => handleControl(request, response, url, controls)),
    place.controlPort ?? 0,
    host,
  ).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  /** Opens or closes the port according to the faults. */
  async function follow(): Promise<void> {
    if (site.faults.standing(site.clock()).some(({ fault }) => fault === 'refuse')) await server.close();
    else await server.open();
  }
  // If another program took the port meanwhile, the next round tries again.
  const timer = setInterval(() => follow().catch(() => {}), TICK_MS);
  return {
    ...control,
    url: `http://${host}:${server.port}`,
    controlUrl: `http://${host}:${controlServer.port}`,
    async stop() {
      clearInterval(timer);
      await Promise.all([server.close(), controlServer.close()]);
    },
  };
}

/** True for control requests, which the site's own port answers too, and for the site's page. */
function isControl({ control = [] }: Site, pathname: string): boolean {
  return pathname.startsWith('/control/') || (pathname === '/' && control.some(({ path }) => path === '/'));
}

/** Reports an error of our own code to the client, so that a test sees it. */
function guarded(
  handle: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = urlOf(request);
    if (url === undefined) return send(response, UNREADABLE);
    handle(request, response, url).catch((error: unknown) => {
      const why = error instanceof Error ? error.stack : String(error);
      if (response.headersSent) response.destroy();
      else send(response, jsonReply(500, { error: `The simulator failed: ${why}` }));
    });
  };
}

const UNREADABLE = jsonReply(400, { error: 'The address cannot be read.' });

function urlOf(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? '', 'http://site') ?? undefined;
}

function upgrading(streams: StreamListener): UpgradeListener {
  return (request, transport, head) => {
    const url = urlOf(request);
    const reply = url === undefined ? UNREADABLE : streams.upgrade(request, transport, head, url);
    if (reply !== undefined) refuseUpgrade(transport, reply);
  };
}

async function serve(site: Site, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  // Only faults ask for the subject, and it costs a read of the request.
  const subject = site.faults.isEmpty ? undefined : await site.subjectOf?.(request, url);
  const asked = { path: url.pathname, method: request.method ?? 'GET', ...subject };
  const answer = (): ReturnType<Site['answer']> => site.answer(request, url);
  const { end, weight, isHalf } = await carryOut(site, asked, answer, () => response.destroyed);
  site.requests.add(url.pathname, weight, typeof end === 'string' || isHalf ? 0 : end.status, site.now());
  if (end === 'RESET') request.socket.destroy();
  else if (end !== 'SILENT') sendDated(response, end, site.now(), isHalf);
}

function sendDated(response: ServerResponse, reply: Reply, nowMs: number, isHalf: boolean): void {
  const dated = { ...reply, headers: { ...reply.headers, Date: new Date(nowMs).toUTCString() } };
  if (isHalf) sendHalf(response, dated);
  else send(response, dated);
}
