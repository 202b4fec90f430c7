import type { AssetIndexView } from '../../market/asset-indexes.ts';

const decimal = (value: number): string => value.toFixed(8);

/** A row of `!assetIndex@arr`, with the values of `GET assetIndex`. */
export function assetIndexMessage(view: AssetIndexView, nowTs: number): Record<string, unknown> {
  const { symbol, index, buffer, autoExchangeBuffer } = view;
  return {
    e: 'assetIndexUpdate',
    E: nowTs,
    s: symbol,
    i: decimal(index),
    b: decimal(buffer),
    a: decimal(buffer),
    B: decimal(index * (1 - buffer)),
    A: decimal(index * (1 + buffer)),
    q: decimal(autoExchangeBuffer),
    g: decimal(autoExchangeBuffer),
    Q: decimal(index * (1 - autoExchangeBuffer)),
    G: decimal(index * (1 + autoExchangeBuffer)),
  };
}
