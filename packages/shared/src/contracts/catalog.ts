import { Fleet } from './fleet.ts';
import { Market } from './market.ts';
import { Trading } from './trading.ts';

// Every name in Redis stands in one of these three files, once. Services import entries; no service spells a name.

/** News: the latest wins, losing one is harmless. */
export const Channels = { ...Market.channels, ...Trading.channels, ...Fleet.channels } as const;

/** Strings that hold one JSON document. */
export const Values = { ...Market.values, ...Fleet.values } as const;

/** Hashes that hold one object. */
export const Records = { ...Market.records, ...Trading.records, ...Fleet.records } as const;

/** Hashes of many objects. */
export const Maps = { ...Market.maps, ...Trading.maps, ...Fleet.maps } as const;

/** Capped lists, newest first. */
export const Lists = { ...Market.lists, ...Trading.lists } as const;

/** Streams: each reader has its own place; what is kept until read is not lost while its reader is away. */
export const Streams = { ...Trading.streams, ...Fleet.streams } as const;

/** Sorted sets. */
export const Rankings = { ...Market.rankings } as const;
