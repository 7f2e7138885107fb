/** Lines of the security checklist that no other suite looks at. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from "amazon-cognito-identity-js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseProblem } from "../../apps/ui/src/problem.ts";
import { signInBySrp } from "../../apps/ui/src/srp.ts";
import type { UserPool } from "../../apps/ui/src/user-pool.ts";
import { type RawCall, sign } from "../aws/sign.ts";
import { readCredentials } from "../aws/support.ts";
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
  for (const change of changes) await Promise.all([...ids, orderId].map((id) => timeOf(change, id)));

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

describe("RELIABILITY 28: an unknown one and a wrong one are answered in the same bytes", () => {
  /** An answer without the parts that differ from call to call. */
  const bytesOf = async (response: Response): Promise<string> => {
    const headers = [...response.headers].filter(([name]) => !/^(?:date|x-amzn?-request-?id|x-ratelimit-.*)$/.test(name));
    return JSON.stringify([response.status, headers, await response.text()]);
  };
  const api = async (method: string, path: string, token: string) =>
    bytesOf(await fetch(bar.url + path, { method, headers: { authorization: `Bearer ${token}` } }));
  const pool = async (operation: string, members: object) => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` };
    const body = JSON.stringify({ ClientId: bar.platform.identities.pool.clientId, ...members });
    return bytesOf(await fetch(bar.url, { method: "POST", headers, body }));
  };
  /** Another text of the same length, which differs in one character. */
  const changed = (text: string, at: number): string => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
  const same = (answers: readonly string[]) => expect(new Set(answers)).toEqual(new Set([answers[0]]));

  test("the QR code", async () => {
    const { code } = (await (await bar.admin()).call<Window>("GET", "/qr-code")).body;
    const [guest] = (await bar.guests(1)) as [Person];
    const [window = "", secret = ""] = code.split(".");
    const wrong = [`${window}.${changed(secret, 0)}`, changed(code, code.length - 1), `zzzz.${secret}`, "no code", window];
    const answers = await Promise.all(wrong.map((text) => api("POST", `/qr-code?token=${encodeURIComponent(text)}`, guest.token)));
    same(answers);
    expect(answers[0]).toMatch(/^\[400,/);
  });

  test("a pairing's code, and its device's secret", async () => {
    const { body } = await callApi<{ code: string; deviceSecret: string }>(bar.url, undefined, "POST", "/pairings", {
      deviceName: "Tablet",
    });
    const { token } = await bar.admin();
    const codes = [changed(body.code, 0), changed(body.code, 5), "ZZZZZZ", "another"];
    same(await Promise.all(codes.map((code) => api("POST", `/pairings/${code}`, token))));
    const secrets = [changed(body.deviceSecret, 0), changed(body.deviceSecret, 30), "unknown"];
    same(await Promise.all(secrets.map((secret) => api("GET", "/pairings/current", secret))));
  });

  test("a mailed code", async () => {
    for (const Username of [adminEmail, "nobody@example.com"]) await pool("ForgotPassword", { Username });
    const Password = "another quiet harbour 41";
    const confirm = (Username: string, ConfirmationCode: string) => pool("ConfirmForgotPassword", { Username, ConfirmationCode, Password });
    const mails = (await (await bar.admin()).call<{ mails: { to: string; text: string }[] }>("GET", "/outbox")).body.mails;
    const code = /\b\d{6}\b/.exec(mails.find(({ to }) => to === adminEmail)?.text ?? "")?.[0] ?? "";
    expect(code).not.toBe("");
    const wrong = [0, 5].map((at) => code.slice(0, at) + ((Number(code[at]) + 1) % 10) + code.slice(at + 1));
    same(await Promise.all(["nobody@example.com", adminEmail].flatMap((who) => wrong.map((text) => confirm(who, text)))));
  });

  test("a refresh token", async () => {
    const [guest] = (await bar.guests(1)) as [Person];
    const parts = guest.refreshToken.split(".");
    const wrong = [
      ...parts.map((part, at) => parts.with(at, changed(part, 0)).join(".")),
      changed(guest.refreshToken, guest.refreshToken.length - 1),
      "unknown",
    ];
    const refresh = (REFRESH_TOKEN: string) => pool("InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN } });
    same(await Promise.all(wrong.map(refresh)));
    expect(await refresh(guest.refreshToken)).toMatch(/^\[200,/);
  });

  test("a signature; that its key is known, which is no secret, AWS's own answer says", async () => {
    const credentials = readCredentials(join(bar.dataFolder, "aws-credentials"));
    const call: RawCall = {
      service: "sts",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    };
    const headers = sign({ url: bar.url, credentials }, call);
    const [before = "", signature = ""] = headers.authorization?.split("Signature=") ?? [];
    const wrong = [changed(signature, 0), changed(signature, 63), "unknown", "A".repeat(64)];
    const answers = wrong.map(async (text) => {
      const authorization = `${before}Signature=${text}`;
      const answer = await bytesOf(
        await fetch(bar.url, { method: "POST", headers: { ...headers, authorization }, body: String(call.body) }),
      );
      return answer.replace(/<RequestId>[^<]*/, "");
    });
    same(await Promise.all(answers));
    expect((await fetch(bar.url, { method: "POST", headers, body: String(call.body) })).status).toBe(200);
  });
});
