/** What guests find when the bar is back: their answers, their sessions, and nothing done twice. */
import { callApi } from "../support/api.ts";
import type { Ledger, Spoken } from "./ledger.ts";
import { expectedRefusals } from "./load.ts";

const lookedAt = 12;

/** Repeats this round's last calls under their keys, and goes on with its last guests' sessions. */
export async function returnAfterRestart(url: string, ledger: Ledger): Promise<void> {
  const said = ledger.spoken.splice(0);
  const answered = said.filter(({ answer }) => answer !== undefined && answer.status < 300).slice(-lookedAt);
  for (const one of answered) await hearAgain(ledger, one);
  for (const one of said.filter(({ answer }) => answer === undefined)) await askAgain(ledger, one);
  for (const guest of ledger.guests.splice(0).slice(-5)) {
    const { status } = await guest.call("GET", "/myOrders");
    if (status !== 200) ledger.findings.push(`I8: a guest's session answers ${status} after the restart`);
    const refreshed = await refresh(url, guest.refreshToken);
    if (refreshed !== 200) ledger.findings.push(`I8: a guest's refresh token answers ${refreshed} after the restart`);
  }
}

/** A repeated key gives the answer that was given. */
async function hearAgain(ledger: Ledger, { guest, method, path, key, body, answer }: Spoken): Promise<void> {
  const again = await guest.call(method, path, body, { "idempotency-key": key });
  const [was, is] = [JSON.stringify(answer), JSON.stringify({ status: again.status, body: again.body })];
  if (was !== is)
    ledger.findings.push(`I8: ${method} ${path.split("?")[0]} was answered ${was}, and under the same key after the restart ${is}`);
}

/** A client without an answer sends its call again under the same key: the call takes effect once. */
async function askAgain(ledger: Ledger, { guest, method, path, key, body }: Spoken): Promise<void> {
  const { status, body: answer } = await guest.call(method, path, body, { "idempotency-key": key });
  if (status >= 300) {
    if (!expectedRefusals.has(status))
      ledger.findings.push(`${method} ${path.split("?")[0]} asked again answered ${status}: ${JSON.stringify(answer)}`);
    return;
  }
  const { orderId } = answer as { readonly orderId: string };
  ledger.acknowledged.push({ orderId, what: path.startsWith("/qr-code") ? "CREATED" : "SUBMITTED" });
  if (!ledger.plans.has(orderId)) ledger.plans.set(orderId, "guestTimeout");
}

async function refresh(url: string, refreshToken: string): Promise<number> {
  const { body } = await callApi<{ userPoolWebClientId: string }>(url, undefined, "GET", "/settings.json");
  const request = { AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: body.userPoolWebClientId, AuthParameters: { REFRESH_TOKEN: refreshToken } };
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };
  return (await callApi(url, undefined, "POST", "/", request, headers)).status;
}
