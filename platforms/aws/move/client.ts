import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { UsageError } from "@serverlesspresso/commands";

/** Which DynamoDB a command works on. */
export interface MoveOptions {
  /** The endpoint of DynamoDB; undefined for AWS's endpoint of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** The data folder of a bar on this machine; its key signs the calls. */
  readonly dataFolder: string | undefined;
}

/** Returns a client of DynamoDB, local or on AWS. Without a data folder it finds credentials as AWS's own tools do. */
export function createClient({ endpoint, region, dataFolder }: MoveOptions): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: 5,
    ...(endpoint !== undefined && { endpoint }),
    ...(dataFolder !== undefined && { credentials: readKey(join(dataFolder, "aws-credentials")) }),
  });
}

/** Returns the key of a data folder. @throws {UsageError} if the folder has no key */
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
