import { adminEmail, adminPassword } from "./server.ts";

/** What a call came back with. `body` is the parsed JSON, if any. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}
export interface Tokens {
  readonly AccessToken: string;
  readonly RefreshToken: string;
}
export interface OrderView {
  readonly orderId: string;
  readonly orderNumber?: number;
  readonly orderState: string;
  readonly userId?: string;
  readonly baristaUserId?: string;
  readonly drinkOrder?: { readonly drink: string; readonly modifiers: readonly string[] };
  readonly reason?: string;
}
export interface Window {
  readonly code: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly remaining: number;
}

/** One person at the bar's HTTP API: every call carries their token. */
export interface Person {
  readonly token: string;
  readonly refreshToken: string;
  readonly sub: string;
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  scan(code: string): Promise<Answer<{ orderId: string }>>;
  act(orderId: string, action: string, body?: unknown): Promise<Answer<OrderView>>;
  order(orderId: string): Promise<OrderView>;
}

/** Calls the API with `token`, or without one. */
export async function callApi<T>(
  url: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === "" ? undefined : JSON.parse(text)) as T };
}

function person(url: string, { AccessToken: token, RefreshToken: refreshToken }: Tokens): Person {
  const call: Person["call"] = (method, path, body, headers) => callApi(url, token, method, path, body, headers);
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string };
  return {
    token,
    refreshToken,
    sub: claims.sub,
    call,
    scan: (code) => call("POST", `/qr-code?token=${encodeURIComponent(code)}`),
    act: (orderId, action, body) => call("PUT", `/orders/${orderId}?action=${action}`, body ?? {}),
    order: async (orderId) => (await call<OrderView>("GET", `/orders/${orderId}`)).body,
  };
}

/** A new guest, signed in by name alone. */
export async function signInGuest(url: string, name = "Ada"): Promise<Person> {
  const { status, body } = await callApi<Tokens>(url, undefined, "POST", "/guests", { name });
  if (status >= 300) throw new Error(`guest sign-in answered ${status}: ${JSON.stringify(body)}`);
  return person(url, body);
}

/** The first admin, by password, through the user pool's own call. */
export async function signInAdmin(url: string): Promise<Person> {
  const settings = await callApi<{ userPoolWebClientId: string }>(url, undefined, "GET", "/settings.json");
  const response = await fetch(`${url}/`, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: settings.body.userPoolWebClientId,
      AuthParameters: { USERNAME: adminEmail, PASSWORD: adminPassword },
    }),
  });
  const body = (await response.json()) as { AuthenticationResult?: Tokens };
  if (body.AuthenticationResult === undefined) throw new Error(`sign-in answered ${response.status}: ${JSON.stringify(body)}`);
  return person(url, body.AuthenticationResult);
}

/** A device in the bar, paired by the code it shows. */
export async function pairBarista(url: string, admin: Person): Promise<Person> {
  const started = await callApi<{ code: string; deviceSecret: string }>(url, undefined, "POST", "/pairings", {
    deviceName: "Second tablet",
  });
  const confirmed = await admin.call("POST", `/pairings/${started.body.code}`);
  const polled = await callApi<Tokens>(url, started.body.deviceSecret, "GET", "/pairings/current");
  if (polled.status !== 200)
    throw new Error(`pairing answered ${started.status}, ${confirmed.status}, ${polled.status}: ${JSON.stringify(polled.body)}`);
  return person(url, polled.body);
}

/** Asks again until `read` gives something, for at most `seconds`; then fails with what was wanted. */
export async function eventually<T>(what: string, read: () => Promise<T | undefined | false>, seconds = 30): Promise<T> {
  const givenUpAt = performance.now() + seconds * 1000;
  for (;;) {
    const found = await read();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > givenUpAt) throw new Error(`still waiting after ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** An action on an order. @throws where it is answered otherwise than with 200 */
export async function act(who: Person, orderId: string, action: string, body?: unknown): Promise<OrderView> {
  const answer = await who.act(orderId, action, body);
  if (answer.status !== 200) throw new Error(`${action} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
