import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ids } from "@serverlesspresso/ports";
import { place } from "../place.ts";

/** An access key of AWS's form. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The file in the data folder, in the form of `~/.aws/credentials`. */
export const credentialsFile = "aws-credentials";
/** The profile of the access key in the credentials file. */
export const credentialsProfile = "serverlesspresso";

/** The file of the key is not as it was written. The message names it and what to do. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The installation's access key: made on the first start, readable by its owner alone.
 * @throws {CredentialsError} where the file is there and holds no key
 */
export function openCredentials(dataFolder: string, ids: Pick<Ids, "secret">): AwsCredentials {
  const path = join(dataFolder, credentialsFile);
  if (!existsSync(path)) writeFileSync(path, write(makeCredentials(ids)), { mode: 0o600, flag: "wx" });
  chmodSync(path, 0o600);
  return readCredentials(dataFolder) as AwsCredentials;
}

/** The access key; undefined where there is no file yet. @throws {CredentialsError} where there is one and it holds no key */
export function readCredentials(dataFolder: string): AwsCredentials | undefined {
  const path = join(dataFolder, credentialsFile);
  if (!existsSync(path)) return undefined;
  const found = read(readFileSync(path, "utf8"));
  if (found !== undefined) return found;
  throw new CredentialsError(`${path} holds no access key under [${credentialsProfile}]; delete it, and the next start makes a new one`);
}

function makeCredentials(ids: Pick<Ids, "secret">): AwsCredentials {
  const letters = [...Buffer.from(ids.secret(128), "base64url")].map((byte) => base32[byte & 31]);
  return { accessKeyId: `AKIA${letters.join("")}`, secretAccessKey: ids.secret(240) };
}

function write({ accessKeyId, secretAccessKey }: AwsCredentials): string {
  return [
    `[${credentialsProfile}]`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    `region = ${place.region}`,
    "",
  ].join("\n");
}

function read(text: string): AwsCredentials | undefined {
  const section = new RegExp(`^\\[${credentialsProfile}\\]\\s*$([^[]*)`, "m").exec(text)?.[1] ?? "";
  const setting = (name: string): string | undefined => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)\\s*$`, "m").exec(section)?.[1];
  const [accessKeyId, secretAccessKey] = [setting("aws_access_key_id"), setting("aws_secret_access_key")];
  return accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
}
