import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { UsageError } from "@serverlesspresso/commands";

/** Which DynamoDB a command works on. */
export interface MoveOptions {
  /** Where DynamoDB is; undefined for AWS's own of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Folder of a bar on this machine, whose key signs the calls. */
  readonly dataFolder: string | undefined;
}

/** DynamoDB, here or on AWS; without a data folder the key is found as AWS's own tools find it. */
export function createClient({ endpoint, region, dataFolder }: MoveOptions): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: 5,
    ...(endpoint !== undefined && { endpoint }),
    ...(dataFolder !== undefined && { credentials: readKey(join(dataFolder, "aws-credentials")) }),
  });
}

/** @throws {UsageError} where the folder has no key */
function readKey(path: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const text = readText(path);
  const settingOf = (name: string): string => {
    const value = new RegExp(`^${name}\\s*=\\s*(\\S+)`, "m").exec(text)?.[1];
    if (value === undefined) throw new UsageError(`${path} has no ${name}`);
    return value;
  };
  return { accessKeyId: settingOf("aws_access_key_id"), secretAccessKey: settingOf("aws_secret_access_key") };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--data: ${(error as Error).message}`);
  }
}
