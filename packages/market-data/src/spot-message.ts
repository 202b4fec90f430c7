/**
 * Spot's market messages in the shape of USDⓈ-M, so that everything behind speaks one language. Spot has no `pu`: its rule is that `U`
 * is the `u` before plus one, so `U - 1` is what `pu` would be. What has no time of its own gets `tsReceived`, epoch ms.
 * Source: developers.binance.com, Spot, Web Socket Streams. A text that is none of them is returned as it is.
 */
export function fromSpot(text: string, tsReceived: number): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Told where the line is parsed for good.
    return text;
  }
  if (!isObject(json)) return text;
  const wrapped = json['data'];
  const translated = translate(isObject(wrapped) ? wrapped : json, tsReceived);
  if (translated === undefined) return text;
  return JSON.stringify(isObject(wrapped) ? { ...json, data: translated } : translated);
}

type Fields = Readonly<Record<string, unknown>>;

function translate(data: Fields, tsReceived: number): Fields | undefined {
  const { e, E, U, u, s, b, lastUpdateId } = data;
  if (e === 'depthUpdate' && typeof U === 'number') return { ...data, T: E, pu: U - 1 };
  if (e === undefined && lastUpdateId !== undefined) return { ...data, E: tsReceived, T: tsReceived };
  const isTicker = e === undefined && u !== undefined && s !== undefined && b !== undefined;
  return isTicker ? { ...data, e: 'bookTicker', E: tsReceived, T: tsReceived } : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
