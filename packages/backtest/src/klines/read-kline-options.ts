import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseExchangeInfo } from '@helios/binance/exchange-info/parse-exchange-info.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import type { KnownInstruments } from './kline-data.ts';

/** What the command line says about candles. */
export interface KlineOptions {
  /** Files of one-minute candles: the way of the price inside longer ones. */
  readonly detail: readonly string[];
  /** Files of candles from before the data: they warm the indicators. */
  readonly warm: readonly string[];
  /** Ticks and steps that the user names. */
  readonly known: KnownInstruments;
}

const TICK = /^([A-Z0-9]+)=(\d+(?:\.\d+)?)$/;

/**
 * The options --detail, --warm, --instruments and --tick. A named tick is stronger than that of the list.
 * @throws CommandLineError for a list that cannot be read, and for a tick that is none
 */
export function readKlineOptions(line: CommandLine, cwd: string): KlineOptions {
  const filesOf = (name: string) => line.texts(name).map((file) => resolve(cwd, file));
  const list = line.text('instruments');
  const known = new Map<string, Partial<Instrument>>(
    list === undefined ? [] : listedIn(line, resolve(cwd, list)).map((instrument) => [instrument.symbol, instrument]),
  );
  for (const text of line.text('tick')?.split(',') ?? []) {
    const [, symbol = '', tick_size = ''] = TICK.exec(text) ?? [];
    if (!(Number(tick_size) > 0)) throw line.problem(`--tick needs SYMBOL=TICK, such as BTCUSDT=0.1, not “${text}”.`);
    known.set(symbol, { ...known.get(symbol), tick_size });
  }
  return { detail: filesOf('detail'), warm: filesOf('warm'), known };
}

function listedIn(line: CommandLine, file: string): readonly Instrument[] {
  const parsed = parseExchangeInfo(documentIn(line, file));
  if (parsed.kind === 'ROWS' && parsed.rows.length > 0) return parsed.rows.map(({ instrument }) => instrument);
  const why = parsed.kind === 'ROWS' ? (parsed.firstFault ?? 'it lists no symbol') : parsed.detail;
  throw line.problem(`${file} is no list of instruments: ${why}. Save the answer of GET /fapi/v1/exchangeInfo.`);
}

function documentIn(line: CommandLine, file: string): unknown {
  try {
    const bytes = readFileSync(file);
    return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    throw line.problem(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
