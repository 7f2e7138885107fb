import type { JsonObject } from "@serverlesspresso/ports";

/** A refusal in the terms of RFC 9457. `type` is its stable slug; `detail` a sentence the app can show. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly more: JsonObject;
  constructor(
    status: number,
    type: string,
    detail: string,
    { headers = {}, more = {} }: { headers?: Record<string, string>; more?: JsonObject } = {},
  ) {
    super(detail);
    this.status = status;
    this.type = type;
    this.headers = headers;
    this.more = more;
  }
}
