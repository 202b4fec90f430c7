/** A row of the list of failures of a trading fleet. */
interface ListedFault {
  readonly failure: string;
  /** What the tests do to cause it. */
  readonly injected: string;
}

/** F1 is the first. docs/local-exchange.md shows the requests that cause them. */
export const FAULT_LIST: readonly ListedFault[] = [
  { failure: 'An order times out, but was placed', injected: '408 with -1007, or no answer, after the placement' },
  { failure: '503, then the fill arrives', injected: '503 after the placement' },
  { failure: 'Overload while reducing', injected: '-1008 to all that opens, for a minute' },
  { failure: 'The same id is accepted twice after an instant fill', injected: 'connection reset after the fill' },
  { failure: 'Acknowledgement without an average price', injected: 'always so on the local exchange' },
  {
    failure: 'Acknowledgement of a MARKET order shows nothing executed',
    injected: 'always so on the local exchange; and all events of its fills lost',
  },
  { failure: 'Stops are refused', injected: '-4120 and other refusals of a stop' },
  { failure: 'A stop is "not found" for minutes', injected: 'stop hidden from queries for three minutes' },
  { failure: 'A stop is stuck in TRIGGERING', injected: 'stop that hangs, then a fall through it' },
  { failure: 'A stop is rejected at its trigger', injected: 'stop that is rejected, then a fall through it' },
  { failure: 'The price jumps through a stop', injected: 'fall of 3 % at once; an order of a stop that does not fill' },
  { failure: 'Two NEW events of one stop', injected: 'the event comes twice' },
  { failure: 'A position without any stop', injected: 'connection reset before or after the placement of the stop' },
  { failure: 'A stop is left after its position closed', injected: 'another hand closes the position' },
  { failure: 'Partial fill; the stop has the size of all', injected: 'fill of 40 %, then nothing' },
  { failure: 'Fill events come twice', injected: 'every order event doubled' },
  { failure: 'Events come out of order', injected: 'events swapped; acknowledgement two seconds late' },
  { failure: 'Cancel of a filled order', injected: '-2011 to a cancel that lost the race' },
  { failure: 'A query right after the placement finds nothing', injected: '-2013 to the first query' },
  { failure: 'The query of positions fails', injected: '500, or an empty list while margin is used' },
  { failure: 'Restart with open position and stop', injected: 'process ended and started on the same Redis' },
  { failure: 'Redis is wiped', injected: 'hashes cleared, Redis killed, snapshot lost' },
  {
    failure: 'Redis is down in the middle of an order',
    injected: 'every request to Redis fails while the price falls',
  },
  { failure: 'A message of Redis is lost', injected: 'reader away, or slower than the limit of its stream' },
  { failure: 'Manual order on the account', injected: 'order of another program with the same key' },
  { failure: 'Liquidation or ADL', injected: 'forced close; fall of 30 % at leverage 100' },
  { failure: 'Gap in the depth updates', injected: 'updates left out' },
  { failure: 'Snapshot older than the buffer; crossed book', injected: 'old snapshot; crossed book on the stream' },
  { failure: 'Connection open, pongs arrive, no data', injected: 'mute stream, with and without pongs' },
  { failure: 'Subscription acknowledged, but no events', injected: 'stream without any event' },
  { failure: 'Too many streams or messages', injected: 'more wanted streams than one connection carries' },
  { failure: 'Stream cut after 24 hours or by a shutdown', injected: 'user stream cut with an order open' },
  { failure: 'Listen key expired, or not renewed', injected: 'expired key; fills lost on the stream' },
  { failure: 'Clock drift', injected: 'clock of the venue seven seconds off' },
  { failure: '429, then a ban, with a position', injected: '429 to orders; 418 with its time' },
  { failure: 'Filters, or a tick size changed at run time', injected: 'larger tick size while trading' },
  {
    failure: 'Hedge and one-way mode mixed up',
    injected: 'account switched to hedge mode, before and while it trades',
  },
  { failure: 'Reduce-only on a closed position', injected: '-2022; another hand closed the position' },
  { failure: 'Ids above 2^53', injected: 'ids with nineteen digits' },
  { failure: 'Foreign or halted contracts', injected: 'COIN-M rows, other contract types, TRADING_HALT' },
  {
    failure: 'Symbol delisted under a position',
    injected: 'delisting announced; status SETTLING, with an open position',
  },
  {
    failure: 'Memory grows',
    injected: 'a thousand round trips; ten thousand stops; a process above its limit (a run of days stays to be done)',
  },
  { failure: 'Emergency exit in a loop', injected: '-2010 to every order' },
  { failure: 'Paused process acts on old data', injected: 'machine asleep for ten minutes; old signal in the stream' },
  { failure: 'Two instances on one account', injected: 'second process; order with the tag of another one' },
  { failure: 'Sentiment is stale or its service down', injected: 'sentiment old, absent, or from the future' },
  {
    failure: 'A model gives NaN or a constant',
    injected: 'signals whose confidence is NaN, infinite, out of range or constant (Helios has no model yet)',
  },
  {
    failure: 'Stop pressed while an order is in flight, or twice',
    injected: 'order answered late; Flatten sent twice',
  },
  { failure: 'Disk full, log flood', injected: 'full disk; flood of log lines' },
  {
    failure: 'Keys of another environment',
    injected: '-2008 and -2015 at the start and under a position; addresses of two networks',
  },
];
