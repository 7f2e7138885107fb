import { commonHeaders } from "@serverlesspresso/blueprint/edge/answer.ts";
import type { Source } from "./source.ts";

const overTls = { ...commonHeaders, "strict-transport-security": "max-age=31536000" };

/** Returns the headers of every answer over a scheme. */
export function headersOfEvery(scheme: Source["scheme"]): Readonly<Record<string, string>> {
  return scheme === "https" ? overTls : commonHeaders;
}
