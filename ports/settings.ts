/** What the operator of a platform decides for the services. */
export interface Settings {
  /** Whether a name is enough to order. */
  readonly guestsAllowed: boolean;
  /** New guests from one address in 15 minutes; a conference has one address. */
  readonly guestsPerAddress: number;
  /** New guests on one device in 15 minutes. */
  readonly guestsPerDevice: number;
}
