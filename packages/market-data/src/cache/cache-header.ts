import { crc32 } from 'node:zlib';
import { CACHE_VERSION } from './cache-content.ts';

/** Length of the header; chunks follow, then the content as JSON. */
export const HEADER_BYTES = 64;
const MAGIC = Buffer.from('HELIOS-CACHE\n');
const VERSION_AT = 16;
const CONTENT_AT = 24;
const CONTENT_BYTES = 32;
const CONTENT_CRC = 40;
const HEADER_CRC = 60;

/** Place, length and checksum of a cache's content; the file ends with it. */
export interface CacheHeader {
  readonly at: number;
  readonly bytes: number;
  readonly crc32: number;
}

/** The header of a complete cache, little-endian. */
export function headerBytes({ at, bytes, crc32: contentCrc }: CacheHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(CACHE_VERSION, VERSION_AT);
  header.writeDoubleLE(at, CONTENT_AT);
  header.writeDoubleLE(bytes, CONTENT_BYTES);
  header.writeUInt32LE(contentCrc, CONTENT_CRC);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_CRC)), HEADER_CRC);
  return header;
}

/** Reads a header; a text with the problem for anything else. */
export function readHeader(header: Buffer): CacheHeader | string {
  if (header.length === 0) return 'it is empty';
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return 'it is no cache of Helios';
  if (header.length < HEADER_BYTES) return 'it is cut off';
  const version = header.readUInt32LE(VERSION_AT);
  if (version !== CACHE_VERSION) return `it is of version ${version}, and this program reads version ${CACHE_VERSION}`;
  if (crc32(header.subarray(0, HEADER_CRC)) !== header.readUInt32LE(HEADER_CRC)) return 'its header is damaged';
  return {
    at: header.readDoubleLE(CONTENT_AT),
    bytes: header.readDoubleLE(CONTENT_BYTES),
    crc32: header.readUInt32LE(CONTENT_CRC),
  };
}
