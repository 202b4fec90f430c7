/** Symbols that are watched if the operator names none: always in synthetic mode, otherwise until the first scan. */
export const DEFAULT_SYMBOLS: readonly string[] = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'];
