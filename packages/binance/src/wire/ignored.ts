/** A sound message that we have no use for. */
export interface Ignored {
  readonly kind: 'IGNORED';
  readonly reason: string;
}
