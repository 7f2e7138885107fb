/** A CONNECT that is refused, with the return code of its CONNACK. */
export class ConnectRefused extends Error {
  override readonly name = "ConnectRefused";
  readonly returnCode: number;
  constructor(message: string, returnCode: number) {
    super(message);
    this.returnCode = returnCode;
  }
}
