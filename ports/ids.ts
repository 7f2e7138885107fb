/** Identifiers and chance as a port, so that tests hold them still. */
export interface Ids {
  /** A ULID: 26 characters, sorts by time of making. */
  ulid(): string;
  /** A random UUID (version 4). */
  uuid(): string;
  /** A secret of `bits` random bits (a multiple of 8) from a cryptographic source, in base64url. */
  secret(bits: number): string;
  /** A number ≥ 0 and < 1, for jitter; not for secrets. */
  random(): number;
}
