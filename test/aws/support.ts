import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bar, type BarOptions, openBar } from "../support/bar.ts";

/** A bar and what a client of AWS needs for it. */
export interface AwsBar extends Bar {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What every client of the SDK is made from. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** The file that `AWS_SHARED_CREDENTIALS_FILE` names. */
  readonly credentialsFile: string;
}

export const region = "us-east-1";
export const account = "123456789012";

export async function openAwsBar(options: BarOptions = {}): Promise<AwsBar> {
  const bar = await openBar(options);
  const credentialsFile = join(bar.dataFolder, "aws-credentials");
  const credentials = readCredentials(credentialsFile);
  return { ...bar, region, credentials, credentialsFile, client: { endpoint: bar.url, region, credentials, maxAttempts: 1 } };
}

/** The key that a file of AWS's tools holds. */
export function readCredentials(path: string): AwsBar["credentials"] {
  const values = new Map(
    readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.split(" = ") as [string, string]),
  );
  return { accessKeyId: values.get("aws_access_key_id") ?? "", secretAccessKey: values.get("aws_secret_access_key") ?? "" };
}
