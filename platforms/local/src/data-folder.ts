/** What the bar keeps in its data folder beside the store. */
import { join } from "node:path";
import { KeyFileError, keyFilePath, readKeyFile } from "@serverlesspresso/identity";
import { type Entries, expectEntries, StoreError } from "@serverlesspresso/store";
import { CredentialsError, credentialsFile, readCredentials } from "./aws/credentials.ts";

/** Names of folders inside. */
export const keysFolder = "keys";
/** The folder of the buckets, inside the data folder. */
export const bucketsFolder = "buckets";

/** Names inside, and what each is; before them the folder itself. */
export const besideStore: Entries = {
  ".": "a folder",
  [credentialsFile]: "a file",
  [keysFolder]: "a folder",
  [keyFilePath(keysFolder)]: "a file",
  [bucketsFolder]: "a folder",
};

/**
 * Refuses what no bar starts on, in the words of the start; what is not there yet is made by that.
 * @throws {StoreError} `Unreadable`; {KeyFileError}; {CredentialsError}
 */
export function checkBesideStore(dataFolder: string): void {
  expectEntries(dataFolder, besideStore);
  readKeyFile(keyFilePath(join(dataFolder, keysFolder)));
  readCredentials(dataFolder);
}

/** Returns whether an error says in words what is wrong with a data folder. */
export function isDataFolderError(error: unknown): error is StoreError | KeyFileError | CredentialsError {
  return error instanceof StoreError || error instanceof KeyFileError || error instanceof CredentialsError;
}
