/** What a network does to the connections of one link. */
export type LinkFault =
  /** Every byte comes `ms` later, in both directions. */
  | { readonly kind: 'DELAY'; readonly ms: number }
  /** Every connection is reset once; new ones work. */
  | { readonly kind: 'CUT' }
  /** Connections are reset, and new ones too, as long as it lasts. */
  | { readonly kind: 'CLOSED' }
  /** Connections stay open and carry nothing; they are reset at the end. */
  | { readonly kind: 'HALF_OPEN' }
  /** Connections stay open; what is sent arrives at the end, all at once. */
  | { readonly kind: 'STALL' }
  /** Bytes a second of each connection and direction. */
  | { readonly kind: 'BANDWIDTH'; readonly bytesPerSec: number };
