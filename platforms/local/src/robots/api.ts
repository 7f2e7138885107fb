import type { JsonValue } from "@serverlesspresso/ports";

/** What a call came back with: only an answer in the 200s has the body that was asked for; another may have a problem's type. */
export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly problem?: string | undefined };

/** One robot's link to the public API, with its token once it has one. */
export interface RobotApi {
  call<T>(method: string, path: string, body?: JsonValue): Promise<Answer<T>>;
  /** Takes tokens over; from then on calls are its own. */
  adopt(tokens: { readonly AccessToken: string }): void;
}

/** @param url where the shop is, without a slash at the end */
export function createRobotApi(url: string): RobotApi {
  let token: string | undefined;
  return {
    adopt: ({ AccessToken }) => void (token = AccessToken),
    async call<T>(method: string, path: string, body?: JsonValue) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const { ok, status } = response;
      return ok ? { ok, status, body: (await response.json()) as T } : { ok, status, problem: await problemOf(response) };
    },
  };
}

async function problemOf(response: Response): Promise<string | undefined> {
  const problem = (await response.json().catch(() => ({}))) as { readonly type?: string };
  return problem.type;
}
