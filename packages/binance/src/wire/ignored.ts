/** A valid message that Helios does not use. */
export interface Ignored {
  readonly kind: 'IGNORED';
  readonly reason: string;
}
