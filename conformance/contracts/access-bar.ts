/** The service `access` at a place, with the calls of devices, guests and operators. */
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { namesOf, problemType } from "@serverlesspresso/contract";
import type { Identities, JsonObject, Ports, Settings, Tables } from "@serverlesspresso/ports";
import { service } from "@serverlesspresso/services/access/service.ts";
import { depsOf } from "@serverlesspresso/services/shared/deps.ts";
import { usualSettings } from "@serverlesspresso/services/shared/settings.ts";
import { expect } from "vitest";
import { z } from "zod";

/** A place: its tables, the platform's own among them, and its user pool. */
export interface AccessOfPlace {
  readonly tables: Tables;
  readonly identities: Identities;
  /** The users of this name. */
  users(name: string): readonly { readonly id: string }[];
  /** Lets an operator end what a user may do. */
  end(operation: "AdminDisableUser" | "AdminDeleteUser", id: string): Promise<void>;
}

const Answer = z.object({
  statusCode: z.number(),
  body: z.record(z.string(), z.json()),
  headers: z.record(z.string(), z.string()).optional(),
});
/** An answer of the API. */
export type Answer = z.output<typeof Answer>;

const Claims = z.object({ sub: z.string(), "cognito:groups": z.array(z.string()).default([]) });

/** The bar's routes, and a clock that the test moves. */
export interface AccessBar {
  readonly clock: ManualClock;
  start(deviceName?: string, address?: string): Promise<{ readonly code: string; readonly secret: string }>;
  tryStart(deviceName: string, address: string): Promise<Answer>;
  confirm(code: string, operator?: string): Promise<Answer>;
  poll(secret?: string): Promise<Answer>;
  guest(name: string, from?: { readonly address?: string; readonly device?: string }): Promise<Answer>;
}

// Far from the tables' own time, so that they forget nothing on theirs.
const clock = createManualClock(Date.UTC(2100, 0, 1));
let guests = 0;

function notUsed(): never {
  throw new Error("the service calls a port that it does not declare");
}
const unused: Pick<Ports, "events" | "states" | "tasks" | "topics" | "metrics"> = {
  events: { putEvents: notUsed },
  states: { startExecution: notUsed, startSyncExecution: notUsed },
  tasks: { sendTaskSuccess: notUsed, sendTaskFailure: notUsed },
  topics: { publish: notUsed },
  metrics: { putMetricData: notUsed },
};

/** Resolves with the bar, at an hour when no limit is used up; without `laterMs`, as the one before left it. */
export async function openAccessBar(
  { tables, identities }: AccessOfPlace,
  settings: Partial<Settings> = {},
  laterMs = 3_600_000,
): Promise<AccessBar> {
  await clock.advance(laterMs);
  const { functions } = service.declare(namesOf());
  const used = { clock, ids: createIds(clock), tables, identities, settings: { ...usualSettings, ...settings } };
  const deps = depsOf({ ...unused, ...used }, namesOf());
  const context = { functionName: "f", awsRequestId: "r", log: () => {} };
  const call = async (name: keyof typeof functions, event: JsonObject): Promise<Answer> =>
    Answer.parse(await functions[name].handler.create(deps)(event, context));
  const tryStart: AccessBar["tryStart"] = (deviceName, address) => call("StartPairing", { address, body: { deviceName } });
  return {
    clock,
    tryStart,
    async start(deviceName = "Display", address = "192.0.2.1") {
      const { body } = await tryStart(deviceName, address);
      return { code: String(body.code), secret: String(body.deviceSecret) };
    },
    confirm: (code, sub = "operator") =>
      call("ConfirmPairing", { pathParameters: { code }, identity: { sub, groups: ["admin", "operator"] } }),
    poll: (bearer) => call("PollPairing", bearer === undefined ? {} : { bearer }),
    guest: (name, { address = `guest-${++guests}`, device } = {}) =>
      call("SignInAsGuest", { address, body: { name }, headers: device === undefined ? {} : { "x-device-id": device } }),
  };
}

/** What a refusal has to match. */
export function refusal(slug: Parameters<typeof problemType>[0], seconds?: number) {
  return {
    body: { type: problemType(slug) },
    ...(seconds !== undefined && { headers: expect.objectContaining({ "retry-after": String(seconds) }) }),
  };
}

/** The claims of the access token in an answer. */
export function claimsOf({ body }: Answer): z.output<typeof Claims> {
  const [, claims = ""] = String(body.AccessToken).split(".");
  return Claims.parse(JSON.parse(Buffer.from(claims, "base64url").toString()));
}
