import { createHash, createHmac } from "node:crypto";
import type { AwsBar } from "./support.ts";

export interface RawCall {
  readonly method?: string;
  readonly path?: string;
  readonly service: string;
  readonly region?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly atMs?: number;
  /** Headers that are sent and not signed. */
  readonly unsigned?: Readonly<Record<string, string>>;
}

const hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The headers of a call signed with Signature V4: written out here a second time, so that the server is not its own judge. */
export function sign(bar: Pick<AwsBar, "url" | "credentials">, call: RawCall): Record<string, string> {
  const { method = "POST", path = "/", service, region = "us-east-1", body = "", atMs = Date.now() } = call;
  const date = new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const day = date.slice(0, 8);
  const headers: Record<string, string> = { ...call.headers, host: new URL(bar.url).host, "x-amz-date": date };
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    path,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    headers["x-amz-content-sha256"] ?? hex(body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const secret = call.secretAccessKey ?? bar.credentials.secretAccessKey;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), "aws4_request");
  const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, hex(canonical)].join("\n")).toString("hex");
  const credential = `${call.accessKeyId ?? bar.credentials.accessKeyId}/${scope}`;
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    ...call.unsigned,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

/** An address that bears its signature, as `aws s3 presign` makes them. */
export function presign(bar: AwsBar, { method = "GET", path = "/", service }: RawCall, query: Readonly<Record<string, string>>): string {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const signed = new URLSearchParams({
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${bar.credentials.accessKeyId}/${scope}`,
    "X-Amz-Date": date,
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": "host",
  });
  signed.sort();
  const canonical = [method, path, `${signed}`, `host:${new URL(bar.url).host}`, "", "host", hex("")].join("\n");
  const key = [date.slice(0, 8), "us-east-1", service, "aws4_request"].reduce<Buffer | string>(
    (key, part) => hmac(key, part),
    `AWS4${bar.credentials.secretAccessKey}`,
  );
  const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, hex(canonical)].join("\n")).toString("hex");
  return `${bar.url}${path}?${signed}&X-Amz-Signature=${signature}`;
}

/** Sends a signed call. */
export function callSigned(bar: AwsBar, call: RawCall): Promise<Response> {
  return fetch(bar.url + (call.path ?? "/"), { method: call.method ?? "POST", headers: sign(bar, call), body: call.body ?? "" });
}
