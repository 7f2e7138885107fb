/** Lines of the security checklist that no other suite looks at. */
import { createHash } from "node:crypto";
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from "amazon-cognito-identity-js";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parseProblem } from "../../apps/ui/src/problem.ts";
import { signInBySrp } from "../../apps/ui/src/srp.ts";
import type { UserPool } from "../../apps/ui/src/user-pool.ts";
import { type Answer, callApi, type Person, type Window } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { adminEmail, adminPassword } from "../support/server.ts";
import { callPool, latte, problemNamed, scanned } from "./steps.ts";

let bar: Bar;
beforeAll(async () => {
  bar = await openBar();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

test("RELIABILITY 2: a thousand ids read, changed and cancelled by another guest are a thousand unknown ones", async () => {
  const { guest, orderId } = await scanned(bar);
  const [other] = (await bar.guests(1)) as [Person];
  // Neighbours of a real id, and the id itself.
  const ids = Array.from({ length: 999 }, (_, n) => orderId.slice(0, -3) + `${n}`.padStart(3, "0"));
  const hows: readonly ((id: string) => Promise<Answer>)[] = [
    (id) => other.call("GET", `/orders/${id}`),
    (id) => other.act(id, "placeOrder", latte),
    (id) => other.act(id, "cancel"),
  ];
  const answers = new Set<string>();
  const timeOf = async (how: (id: string) => Promise<Answer>, id: string): Promise<number> => {
    const startedMs = performance.now();
    const { status, body } = await how(id);
    const tookMs = performance.now() - startedMs;
    answers.add(JSON.stringify([status, body]));
    return tookMs;
  };
  const [read, ...changes] = hows;
  await Promise.all([...ids, orderId].map((id) => timeOf(read as (typeof hows)[number], id)));
  // Every twentieth is changed and cancelled, too.
  for (const id of [...ids.filter((_, at) => at % 20 === 0), orderId]) for (const change of changes) await timeOf(change, id);

  // One answer for all, in one time: the quickest of each, taken in turns, so that a busy machine slows both.
  for (const how of hows) {
    const [theirs, unknown] = [[], []] as [number[], number[]];
    for (let n = 0; n < 25; n++) {
      theirs.push(await timeOf(how, orderId));
      unknown.push(await timeOf(how, ids[n] ?? ""));
    }
    const ratio = Math.min(...theirs) / Math.min(...unknown);
    expect([ratio > 0.5, ratio < 2]).toEqual([true, true]);
  }
  expect([...answers].map((answer) => (JSON.parse(answer) as unknown[])[0])).toEqual([404]);
  expect((await guest.order(orderId)).orderState).toBe("CREATED");
});

test.each([
  ["GET", "/oauth2/authorize?response_type=code&client_id=x&redirect_uri=https://evil.example"],
  ["GET", "/oauth2/authorize?response_type=token&client_id=x&redirect_uri=https://evil.example"],
  ["POST", "/oauth2/token"],
  ["POST", "/oauth2/device_authorization"],
  ["GET", "/authorize"],
  ["POST", "/token"],
  ["GET", "/login?redirect_uri=https://evil.example"],
  ["GET", "/logout?logout_uri=https://evil.example"],
])("RELIABILITY 6: no redirect flow: %s %s is not there", async (method, path) => {
  const { status, headers } = await callApi(bar.url, undefined, method, path);
  expect([status, headers.get("location")]).toEqual([404, null]);
});

test("RELIABILITY 6: Amazon's own client signs in by SRP, and the password is in nothing that it sends", async () => {
  const sent: string[] = [];
  const real = fetch;
  vi.stubGlobal("fetch", (url: string, request: RequestInit) => {
    sent.push(String(request.body));
    return real(url, request);
  });
  const { poolId: UserPoolId, clientId: ClientId } = bar.platform.identities.pool;
  const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: bar.url });
  const session = await new Promise<CognitoUserSession>((onSuccess, onFailure) =>
    new CognitoUser({ Username: adminEmail, Pool }).authenticateUser(
      new AuthenticationDetails({ Username: adminEmail, Password: adminPassword }),
      { onSuccess, onFailure },
    ),
  ).finally(() => vi.unstubAllGlobals());
  expect((await callApi(bar.url, session.getAccessToken().getJwtToken(), "GET", "/orders")).status).toBe(200);
  expect(sent.map((body) => (JSON.parse(body) as { AuthFlow?: string }).AuthFlow)).toEqual(["USER_SRP_AUTH", undefined]);
  expect(sent.join()).not.toContain(adminPassword);
});

test("RELIABILITY 6: the staff's pages sign in without sending the password; a refusal sends it only where the pool has accounts of an earlier release", async () => {
  const { poolId } = bar.platform.identities.pool;
  const sent: Record<string, unknown>[] = [];
  const open =
    (addition = {}): UserPool["call"] =>
    async (operation, fields) => {
      sent.push(fields);
      const { status, body } = await callPool<Record<string, object>>(bar, operation, fields);
      if (status !== 200) throw parseProblem(status, body, null);
      return { ...body, ChallengeParameters: { ...body.ChallengeParameters, ...addition } };
    };
  // Several, for numbers whose first bits are 0 are written otherwise.
  for (let i = 0; i < 5; i++) expect(await signInBySrp(open(), poolId, adminEmail, adminPassword)).toHaveProperty("RefreshToken");
  const refused = { type: "NotAuthorizedException" };
  await expect(signInBySrp(open(), poolId, adminEmail, "a wrong secret")).rejects.toMatchObject(refused);
  for (const secret of [adminPassword, "a wrong secret"]) expect(JSON.stringify(sent)).not.toContain(secret);
  const earlier = open({ PASSWORD_NEEDED_ONCE: "true" });
  await expect(signInBySrp(earlier, poolId, adminEmail, "a wrong secret")).rejects.toMatchObject(refused);
  expect(sent.at(-1)).toMatchObject({ AuthFlow: "USER_PASSWORD_AUTH" });
});

test("RELIABILITY 24: no parameter sends a page anywhere", async () => {
  for (const target of ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://evil.example"]) {
    for (const name of ["next", "url", "redirect", "redirect_uri", "return"]) {
      const response = await fetch(`${bar.url}/order?${name}=${encodeURIComponent(target)}`, { redirect: "manual" });
      expect(new URL(response.headers.get("location") ?? "", bar.url)).toMatchObject({ origin: bar.url, pathname: "/order/" });
    }
  }
});

test("RELIABILITY 25, 28: a code has 128 random bits, 10,000 guesses find nothing, and a wrong code looks like an unknown one", {
  timeout: 60_000,
}, async () => {
  const admin = await bar.admin();
  const { code, remaining } = (await admin.call<Window>("GET", "/qr-code")).body;
  const [window, secret] = code.split(".") as [string, string];
  expect(Buffer.from(secret, "base64url").length * 8).toBeGreaterThanOrEqual(128);
  const guess = (n: number): string => `${window}.${createHash("sha256").update(`${n}`).digest().subarray(0, 16).toString("base64url")}`;
  const wrong = new Set<string>();
  const guests = await bar.guests(100);
  // A window lasts five minutes: 10,000 guesses in four of them.
  for (let minute = 0; minute < 4; minute++) {
    await Promise.all(
      guests.map(async (guest, at) => {
        for (let n = 0; n < 25; n++) {
          const { status, body } = await guest.scan(n % 2 === 0 ? guess((minute * 100 + at) * 25 + n) : `zz.${secret}`);
          wrong.add(JSON.stringify([n < 10, status, body]));
        }
      }),
    );
    if (minute < 3) await bar.clock.advance(60_000);
  }
  // Ten of each guest are looked at in a minute, alike whether the window or the secret was wrong; then none until it is over.
  expect([...wrong].map((text) => JSON.parse(text))).toEqual([
    [true, 400, expect.objectContaining({ type: problemNamed("unknown-code") })],
    [false, 429, expect.objectContaining({ type: problemNamed("too-many-wrong-codes") })],
  ]);
  expect((await admin.call<Window>("GET", "/qr-code")).body.remaining).toBe(remaining);
  await bar.clock.advance(60_000);
  expect((await guests[0]?.scan(guess(0)))?.status).toBe(400);
});
