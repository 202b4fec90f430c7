/**
 * Converts spot market messages to the shape of USDⓈ-M, so that all later code handles one format. Spot has no `pu`: its `U`
 * equals the previous `u` plus one, so `pu` is `U - 1`. Messages without a time get `tsReceived`, epoch ms. Source:
 * developers.binance.com, Spot, Web Socket Streams. Returns any other text unchanged.
 */
export function fromSpot(text: string, tsReceived: number): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The later parse of the line reports this.
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
