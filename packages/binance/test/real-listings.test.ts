import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Selection, selectWatchlist } from '@helios/core/selection/select-watchlist.ts';
import { aSurvey, marketFigures } from '@helios/core/testing/made-market.ts';
import { SelectionRejection } from '@helios/shared/domain/asset-selection.ts';
import { Instrument } from '@helios/shared/domain/instrument.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { parseExchangeInfo } from '../src/exchange-info/parse-exchange-info.ts';

const data = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const messages = join(data, 'messages');

interface RawRow {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly marginAsset: string;
  readonly contractType: string;
  readonly status: string;
  readonly underlyingType: string;
  readonly deliveryDate: number;
  readonly filters: readonly Record<string, string>[];
}

function readFile(name: string) {
  const text = gunzipSync(readFileSync(join(messages, `fapi_v1_exchangeInfo_${name}.json.gz`))).toString();
  const document: { serverTime: number; symbols: RawRow[] } = JSON.parse(text);
  const parsed = parseExchangeInfo(document);
  if (parsed.kind === 'FAULT') throw new Error(parsed.detail);
  return { document, parsed, raw: new Map(document.symbols.map((row) => [row.symbol, row])) };
}

/** The whole selection on a real list of symbols, with made-up figures in the order of the list. */
function selectFrom(
  { document, parsed }: ReturnType<typeof readFile>,
  watchlist_size: number,
  exponent = 1,
): Selection {
  const nowMs = document.serverTime;
  const figures = (symbol: string, place: number) => marketFigures(symbol, Math.floor(place * exponent));
  const survey = aSurvey(parsed.rows, figures, nowMs);
  const params = defaultSettings({ trading: { watchlist_size } }).trading;
  return selectWatchlist({ survey, members: [], held: new Set(), params, nowMs });
}

function countCodes({ rejected }: Selection): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of rejected) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

describe.skipIf(!existsSync(messages))('the two real exchangeInfo answers', () => {
  test('are parsed completely, except one symbol whose tick is zero', () => {
    const { parsed: mainnet } = readFile('mainnet_20210722');
    expect([mainnet.rows.length, mainnet.dropped]).toEqual([122, 0]);
    const { parsed: testnet } = readFile('testnet_20251226');
    expect([testnet.rows.length, testnet.dropped]).toEqual([646, 1]);
    expect(testnet.firstFault).toBe('exchangeInfo: tickSize of OPENUSDT is "0"');
  });

  test('have the steps of the filters as numbers, and fit the schema of an instrument', () => {
    for (const name of ['mainnet_20210722', 'testnet_20251226']) {
      const { parsed, raw } = readFile(name);
      for (const { symbol, instrument } of parsed.rows) {
        const filter = (type: string) => raw.get(symbol)?.filters.find(({ filterType }) => filterType === type);
        expect(Number(instrument.tick_size)).toBe(Number(filter('PRICE_FILTER')?.['tickSize']));
        expect(Number(instrument.step_size)).toBe(Number(filter('LOT_SIZE')?.['stepSize']));
        expect(Number(instrument.min_notional)).toBe(Number(filter('MIN_NOTIONAL')?.['notional']));
        if (/^[A-Z0-9_]+$/.test(symbol)) expect(Instrument.safeParse(instrument).success, symbol).toBe(true);
      }
    }
    const { parsed } = readFile('mainnet_20210722');
    expect(parsed.rows[0]?.instrument).toEqual({
      symbol: 'BTCUSDT',
      tick_size: '0.01',
      step_size: '0.001',
      min_qty: '0.001',
      max_qty: '1000',
      min_notional: '5',
    });
  });

  test.each(['mainnet_20210722', 'testnet_20251226'])(
    'from %s, a symbol that is no coin, not USDT, halted, new or delivering is never selected, however good its market',
    (name) => {
      const file = readFile(name);
      // All figures are excellent, so only a symbol's kind can exclude it.
      const { list, rejected } = selectFrom(file, 100, 0);
      expect(list).toHaveLength(100);
      const through = [...list, ...rejected.filter(({ code }) => code === 'OUTSCORED')];
      for (const { symbol } of through) {
        const row = file.raw.get(symbol);
        expect(row, symbol).toMatchObject({
          quoteAsset: 'USDT',
          marginAsset: 'USDT',
          contractType: 'PERPETUAL',
          status: 'TRADING',
          underlyingType: 'COIN',
        });
        expect(symbol).toMatch(/^[A-Z0-9]+USDT$/);
        expect(row?.deliveryDate, symbol).toBeGreaterThan(file.document.serverTime + 10 * 365 * 86_400_000);
        expect(['USDC', 'FDUSD', 'TUSD', 'DAI', 'BUSD', 'PAXG']).not.toContain(row?.baseAsset);
      }
      const names = through.map(({ symbol }) => symbol);
      for (const known of ['BTCUSDT', 'ETHUSDT', 'XRPUSDT', 'LINKUSDT']) expect(names).toContain(known);
    },
  );

  test('each rejection is counted under its code', () => {
    const mainnet = countCodes(selectFrom(readFile('mainnet_20210722'), 10, 0));
    expect(mainnet).toEqual({ NOT_PERPETUAL: 3, NOT_USDT_QUOTED: 2, NOT_COIN: 2, TOO_NEW: 1, OUTSCORED: 104 });
    const testnet = countCodes(selectFrom(readFile('testnet_20251226'), 10, 0));
    expect(testnet).toEqual({
      NOT_PERPETUAL: 8,
      NOT_USDT_QUOTED: 39,
      NOT_TRADING: 85,
      DELIVERING: 1,
      NOT_COIN: 11,
      ODD_SYMBOL: 2,
      PEGGED_BASE: 2,
      TOO_NEW: 7,
      OUTSCORED: 481,
    });
    for (const code of Object.keys(testnet)) expect(SelectionRejection.options).toContain(code);
  });

  test('each score has an explanation that names the symbol’s figures', () => {
    const selection = selectFrom(readFile('testnet_20251226'), 10);
    const scored = [...selection.list, ...selection.rejected].filter(({ score }) => score !== undefined);
    expect(scored.length).toBeGreaterThan(100);
    for (const { symbol, score, explanation } of scored) {
      expect(explanation).toMatch(
        /^[A-Z0-9]+: score [01]\.\d{3} among \d+, 24 h volume [\d.]+ (bn|m) USDT \(share [01]\.\d\d\), [\d.]+ ([mk] )?USDT at the best prices \(better than \d+ %\), spread [\d.]+ bp \(better than \d+ %\), volatility [\d.]+ % an hour by the day’s range \((too quiet|within the band|too wild), fit [\d.]+\); .+\.$/,
      );
      expect(explanation.startsWith(`${symbol}: score ${score?.toFixed(3)}`)).toBe(true);
    }
    for (const { symbol, explanation } of selection.rejected) expect(explanation.startsWith(`${symbol}: `)).toBe(true);
  });
});
