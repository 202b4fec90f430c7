import { basename } from 'node:path';

const SYMBOL = /(?:^|[^A-Z0-9])([A-Z0-9]{1,20}(?:USDT|USDC|USD))(?![A-Z0-9])/;

/** The symbol in the name of a file, as archives name theirs: `BTCUSDT-aggTrades-2024-03.csv`. Undefined if there is none. */
export function symbolOfFile(file: string): string | undefined {
  return SYMBOL.exec(basename(file))?.[1];
}
