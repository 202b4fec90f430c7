/** The text of one frame and its place in time. */
export interface LineFrame {
  /** Local receive time, epoch µs. */
  readonly tsReceivedUs: number;
  /** The JSON exactly as received. */
  readonly text: string;
  /** The symbol of a REST depth snapshot. */
  readonly symbol?: string | undefined;
}

/**
 * One line of a recording with its line end: `<µs> <JSON>`. The answer to a depth request names no symbol, so `symbol` is put in as
 * its first field; a file may then hold several symbols, and readers of recordings with one symbol still understand it.
 */
export function frameLine({ tsReceivedUs, text, symbol }: LineFrame): string {
  return `${tsReceivedUs} ${symbol === undefined ? oneLine(text) : withSymbol(oneLine(text), symbol)}\n`;
}

function withSymbol(text: string, symbol: string): string {
  if (!text.includes('"lastUpdateId"') || text.startsWith('{"stream"') || text.startsWith('{"symbol"')) return text;
  return `{"symbol":"${symbol}",${text.slice(text.indexOf('{') + 1)}`;
}

/** JSON may contain line ends between its fields, and a line of a recording may not. Inside of a value they are escaped. */
function oneLine(text: string): string {
  return text.includes('\n') ? text.replace(/[\r\n]+/g, ' ').trim() : text;
}
