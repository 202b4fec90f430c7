import { Fleet } from './fleet.ts';
import { Live } from './live.ts';
import { Market } from './market.ts';
import { Trading } from './trading.ts';

// Each of these four files declares its names in Redis once. Services import the entries and never spell a name.

/** Channels: the latest message counts, and losing one is harmless. */
export const Channels = { ...Market.channels, ...Trading.channels, ...Fleet.channels } as const;

/** Strings that hold one JSON document. */
export const Values = { ...Market.values, ...Fleet.values } as const;

/** Hashes that hold one object. */
export const Records = { ...Market.records, ...Trading.records, ...Live.records, ...Fleet.records } as const;

/** Hashes of many objects. */
export const Maps = { ...Market.maps, ...Trading.maps, ...Live.maps, ...Fleet.maps } as const;

/** Capped lists, newest first. */
export const Lists = { ...Market.lists, ...Trading.lists } as const;

/** Streams: each reader has its own position. Messages that are kept until read survive an absence of their reader. */
export const Streams = { ...Trading.streams, ...Live.streams, ...Fleet.streams } as const;

/** Sorted sets. */
export const Rankings = { ...Market.rankings } as const;
