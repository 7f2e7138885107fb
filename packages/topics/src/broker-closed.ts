/** Nothing is published any longer: the broker is closed. */
export class BrokerClosed extends Error {
  override readonly name = "BrokerClosed";
  constructor() {
    super("the broker is closed");
  }
}
