/** `InUse`: another process holds the folder. `Unreadable`: no access. `NewerVersion`: written by a later release. `Damaged`: not what was written. `Failed`: a flush failed; the process has to stop. `Closed`: after `close()`. */
export type StoreErrorCode = "InUse" | "Unreadable" | "NewerVersion" | "Damaged" | "Failed" | "Closed" | "Misuse";

/** Every failure of the store. Programs switch on `code`; `message` names the folder or key, what it has and what was expected. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
