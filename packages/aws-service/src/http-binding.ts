import type { JsonObject } from "@serverlesspresso/ports";

/** Where a REST operation is, and which members of its request and answer are not in the body. */
export interface HttpBinding {
  readonly method: "DELETE" | "GET" | "HEAD" | "PATCH" | "POST" | "PUT";
  /** `/2015-03-31/functions/{FunctionName}`: a part in braces is a member; `{topic+}` takes slashes too. */
  readonly path: string;
  /** Members in the query, by parameter. */
  readonly query?: Readonly<Record<string, string>>;
  /** Members in headers, by header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the path, the query and headers that are numbers. */
  readonly numbers?: readonly string[];
  /** The member that is the whole body, as JSON; otherwise the body holds the members that are nowhere else. */
  readonly payload?: string;
  /** Whether an empty body is refused where it is the payload. */
  readonly needsPayload?: boolean;
  readonly answer?: HttpAnswer;
}

/** Which members of an answer are not in its body. */
export interface HttpAnswer {
  /** The member that is the status; 200 where it is absent. */
  readonly status?: string;
  /** Members in headers, by header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body; the body is empty without it. */
  readonly payload?: string;
  /** The body, where it says nothing of the answer and SDKs have no output. */
  readonly fixed?: JsonObject;
}
