import type { VenueCommand, VenueNews } from '@helios/core/live/venue-port.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import type { OrderByClientId } from '../orders/order-endpoints.ts';
import { type AccountConfig, askAccountConfig } from '../rest/endpoints/account-config.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import type { SignedRest } from '../rest/signed-rest.ts';
import { UserStreamClient } from '../user-stream/user-stream-client.ts';
import { readFlows } from './account-flows.ts';
import { type CommandOfSymbol, commandKey, symbolOf } from './command-key.ts';
import { CommandQueue } from './command-queue.ts';
import { countdownsOf, DeadMansSwitch } from './dead-mans-switch.ts';
import { FeeConverter } from './fee-converter.ts';
import { type GapReader, gapStartTs, readGapTrades, type StreamOpenings } from './gap-trades.ts';
import { keepHouse } from './housekeeping.ts';
import { KnownStops } from './known-stops.ts';
import { LiveGovernor } from './live-governor.ts';
import { createLiveRest } from './live-rest.ts';
import type { LiveVenueOptions, VenueLimits } from './live-venue-options.ts';
import { OrderRequests } from './order-requests.ts';
import { readPositionTrades } from './position-trades.ts';
import { SignedClock } from './signed-clock.ts';
import { StopRequests } from './stop-requests.ts';
import { SymbolSetup } from './symbol-setup.ts';
import { SymbolStatusReader } from './symbol-status-reader.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { ToldTrades } from './told-trades.ts';
import { newsOfUserEvent } from './user-news.ts';
import { VenueRequests } from './venue-requests.ts';

/**
 * The live account on the venue: carries commands out and reports what the venue says. It decides nothing and repeats no request that
 * may have been carried out. An order of unknown outcome may still arrive until five seconds after it was sent: only later does an
 * ABSENT prove that it does not exist.
 */
export class LiveVenue {
  readonly #options: LiveVenueOptions;
  readonly #rest: SignedRest;
  readonly #clock: SignedClock;
  readonly #governor: LiveGovernor;
  readonly #requests: VenueRequests;
  readonly #setup: SymbolSetup;
  readonly #statuses: SymbolStatusReader;
  readonly #userStream: UserStreamClient;
  readonly #orders: OrderRequests;
  readonly #stops: StopRequests;
  readonly #fees: FeeConverter;
  readonly #known = new KnownStops();
  readonly #told = new ToldTrades();
  readonly #deadMansSwitch: DeadMansSwitch | undefined;
  /** Symbols that this process traded or saw. */
  readonly #symbols = new Set<string>();
  readonly #failure = Promise.withResolvers<never>();
  readonly #queue = new CommandQueue((error) => this.#failure.reject(error));
  readonly #onNews = (news: VenueNews): void => this.#tell(news);
  #isSnapshotDue = false;
  #userEvents = 0;
  #lastUserEventTs: number | undefined;
  /** When the user stream opened first and last; undefined before that. */
  #opened: StreamOpenings | undefined;

  constructor(options: LiveVenueOptions) {
    this.#options = options;
    // `run` rejects with it.
    this.#failure.promise.catch(() => {});
    const { now, settings, streamUrl } = options;
    this.#governor = new LiveGovernor(() => now() + (this.clockOffsetMs ?? 0), settings.weightShare);
    this.#rest = createLiveRest(options, (headers) => this.#governor.observe(headers));
    this.#clock = new SignedClock(this.#rest, options.log);
    this.#requests = new VenueRequests(this.#rest, this.#governor);
    this.#setup = new SymbolSetup(this.#requests);
    this.#statuses = new SymbolStatusReader({
      ...{ requests: this.#requests, onNews: this.#onNews, onLimits: (limits) => this.#governor.setLimits(limits) },
      onFailure: (detail) => options.log.warn({ detail }, 'status of symbols not read'),
    });
    this.#fees = new FeeConverter(options.log);
    this.#deadMansSwitch = settings.usesDeadMansSwitch
      ? new DeadMansSwitch(countdownsOf(this.#requests, options.log))
      : undefined;
    this.#userStream = this.#createUserStream(streamUrl);
    const common = { requests: this.#requests, fees: this.#fees, now, onNews: this.#onNews };
    this.#orders = new OrderRequests({ ...common, hearsFills: () => this.#userStream.isOpen });
    this.#stops = new StopRequests({ ...common, stops: this.#known });
  }

  /** Keeps the user stream open and the clock measured. Resolves when stopped; rejects only on an error of our own code. */
  async run(): Promise<void> {
    const work = Promise.all([this.#userStream.run(), this.#keepHouse()]);
    await Promise.race([work, this.#failure.promise]);
    await Promise.race([this.#queue.idle(), this.#failure.promise]);
  }

  /** Starts a command; its answer comes as news. Commands of one order run in their order, all others in parallel. */
  carryOut(command: VenueCommand): void {
    this.#deadMansSwitch?.onCommand(command);
    if (command.kind !== 'TAKE_SNAPSHOT') {
      this.#symbols.add(symbolOf(command));
      this.#queue.add(commandKey(command), () => this.#answerTo(command));
    } else if (!this.#isSnapshotDue) {
      // A snapshot that waits is asked for after the running one, so it serves every caller until then.
      this.#isSnapshotDue = true;
      this.#queue.add('SNAPSHOT', () => this.#snapshot());
    }
  }

  /** Leverage, margin mode and brackets of the account on symbols; their fees, or those of `feesOf` until they are read. Unlisted symbols are left out. */
  readTerms(symbols: readonly string[], feesOf: string): Promise<RestAnswer<readonly SymbolTerms[]>> {
    return this.#setup.terms(symbols, feesOf, this.#options.now());
  }

  /** The income of the account from `sinceTs` on (epoch ms, inclusive), oldest first; a flow may come again, with the same id. */
  flowsSince(sinceTs: number): Promise<RestAnswer<readonly AccountFlow[]>> {
    return readFlows(this.#requests, this.#options.run, sinceTs);
  }

  /** Position mode, margin assets mode and the right to trade. */
  readModes(): Promise<RestAnswer<AccountConfig>> {
    return this.#requests.send(askAccountConfig, undefined);
  }

  limits(): VenueLimits {
    return this.#governor.limits;
  }

  /** The venue's clock minus ours, ms; undefined before the first measurement. */
  get clockOffsetMs(): number | undefined {
    return this.#rest.clockAheadMs;
  }

  /** When the last user event arrived, our clock; undefined before the first. */
  get lastUserEventTs(): number | undefined {
    return this.#lastUserEventTs;
  }

  /** Number of user events handled so far, for a run in lock-step with the venue. */
  get userEvents(): number {
    return this.#userEvents;
  }

  #createUserStream(baseUrl: string): UserStreamClient {
    const { now, wait, stop, random, log } = this.#options;
    return new UserStreamClient({
      ...{ baseUrl, now, wait, stop, random, log, rest: this.#requests },
      onEvent: (event, tsReceived) => {
        this.#lastUserEventTs = tsReceived;
        if ('symbol' in event) this.#symbols.add(event.symbol);
        for (const news of newsOfUserEvent(event, this.#gapReader)) this.#tell(news);
        this.#userEvents += 1;
      },
      onOpen: () => this.#onStreamOpen(),
      onLost: (reason) => this.#tell({ kind: 'USER_STREAM', isOpen: false, reason }),
    });
  }

  get #gapReader(): GapReader {
    const { log } = this.#options;
    return {
      requests: this.#requests,
      fees: this.#fees,
      stops: this.#known,
      told: this.#told,
      log,
      onNews: this.#onNews,
    };
  }

  /** Reports the stream as open. After a gap it reports the missed trades first. */
  #onStreamOpen(): void {
    const now = this.#options.now();
    const before = this.#opened;
    this.#opened = { firstTs: before?.firstTs ?? now, lastTs: now };
    if (before === undefined) {
      this.#tell({ kind: 'USER_STREAM', isOpen: true, reason: 'events come' });
      return;
    }
    const startTs = gapStartTs(before, this.#lastUserEventTs, now) + (this.clockOffsetMs ?? 0);
    this.#queue.add('GAP', async () => {
      await readGapTrades(this.#gapReader, this.#symbols, startTs);
      if (this.#userStream.isOpen) this.#tell({ kind: 'USER_STREAM', isOpen: true, reason: 'events come again' });
    });
  }

  #tell(news: VenueNews): void {
    this.#deadMansSwitch?.onNews(news);
    this.#statuses.onNews(news);
    this.#options.onNews(news);
  }

  #answerTo(command: CommandOfSymbol): Promise<void> {
    switch (command.kind) {
      case 'PLACE_ORDER':
        return this.#orders.place(command.order, command.isProtective);
      case 'CANCEL_ORDER':
        return this.#orders.cancel(command);
      case 'QUERY_ORDER':
        return this.#queryOrder(command);
      case 'PLACE_STOP':
        return this.#stops.place(command.stop);
      case 'CANCEL_STOP':
        return this.#stops.cancel(command);
      case 'QUERY_STOP':
        return this.#stops.query(command);
      case 'READ_TRADES':
        return this.#readTrades(command);
      case 'PREPARE_SYMBOL':
        return this.#prepare(command.symbol);
    }
  }

  /** The order that a stop became has the id of the stop: its fills are those of the stop. */
  #queryOrder({ symbol, clientOrderId }: OrderByClientId): Promise<void> {
    if (this.#known.has(clientOrderId)) return this.#stops.query({ symbol, clientAlgoId: clientOrderId });
    return this.#orders.query({ symbol, clientOrderId });
  }

  async #snapshot(): Promise<void> {
    this.#isSnapshotDue = false;
    const { now } = this.#options;
    const news = await takeSnapshot({ ...this.#gapReader, symbols: this.#symbols, now });
    if (news.kind === 'SNAPSHOT') for (const { symbol } of news.snapshot.positions) this.#symbols.add(symbol);
    this.#tell(news);
  }

  async #readTrades(command: Extract<VenueCommand, { kind: 'READ_TRADES' }>): Promise<void> {
    const now = (): number => this.#options.now() + (this.clockOffsetMs ?? 0);
    const reader = { requests: this.#requests, fees: this.#fees, told: this.#told, now };
    this.#tell(await readPositionTrades(reader, command));
  }

  async #prepare(symbol: string): Promise<void> {
    const failure = await this.#setup.prepare(symbol, this.#options.settings);
    this.#tell(
      failure === undefined ? { kind: 'SYMBOL_READY', symbol } : { kind: 'SYMBOL_REFUSED', symbol, ...failure },
    );
  }

  #keepHouse(): Promise<void> {
    const { now, wait, stop, log } = this.#options;
    return keepHouse({
      ...{ now, wait, stop, log, clock: this.#clock, fees: this.#fees, rest: this.#rest, statuses: this.#statuses },
      ...{ queue: this.#queue, symbols: this.#symbols, deadMansSwitch: this.#deadMansSwitch },
      isBlocked: () => this.#governor.limits.blockedMs > 0,
    });
  }
}
