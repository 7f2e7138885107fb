import { parseArgs } from "node:util";

export interface MoveOptions {
  readonly file: string;
  /** Where DynamoDB is; without it, AWS's own of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** A local bar's data folder: its key is used. */
  readonly dataFolder: string | undefined;
  readonly overwrite: boolean;
}

/** What was asked for cannot be; the message says why. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** @throws {OptionError} */
export function readMoveOptions(command: "export" | "import", args: readonly string[], environment: NodeJS.ProcessEnv): MoveOptions {
  const text = { type: "string" } as const;
  const options = { "endpoint-url": text, region: text, data: text, overwrite: { type: "boolean" } } as const;
  const { values, positionals } = parse(command, () => parseArgs({ args: [...args], options, allowPositionals: true }));
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new OptionError(`one file is expected\n${usage(command)}`);
  if (command === "export" && values.overwrite) throw new OptionError(`--overwrite goes with import\n${usage(command)}`);
  return {
    file,
    endpoint: values["endpoint-url"] ?? environment.AWS_ENDPOINT_URL_DYNAMODB ?? environment.AWS_ENDPOINT_URL,
    region: values.region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? "us-east-1",
    dataFolder: values.data,
    overwrite: values.overwrite ?? false,
  };
}

function parse<T>(command: "export" | "import", read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new OptionError(`${(error as Error).message}\n${usage(command)}`);
  }
}

function usage(command: "export" | "import"): string {
  const more = command === "import" ? " [--overwrite]" : "";
  return `npm run ${command} -- FILE [--endpoint-url URL] [--data FOLDER] [--region REGION]${more}`;
}
