/** Every role at every topic, by every way in which MQTT lets a client touch one. */

import { blueprint } from "@serverlesspresso/blueprint";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTopicRights } from "../../platforms/local/src/topics.ts";
import type { Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { accountToken, claimsOf, connect, granted, guestTokens, listen } from "./steps.ts";

type SignedIn = Pick<Person, "sub" | "token">;
const signedIn = (token: string): SignedIn => ({ token, sub: String(claimsOf(token).sub) });
const accessTokenLifeMs = 60 * 60_000;

let bar: Bar;
let admin: Person;
let guest: Person;
let other: Person;
let barista: SignedIn;
let display: Person;
let operator: SignedIn;
let idToken: string;
let expiredToken: string;
beforeAll(async () => {
  bar = await openBar();
  expiredToken = (await guestTokens(bar)).AccessToken;
  (await connect(bar.url, expiredToken)).end();
  await bar.clock.advance(accessTokenLifeMs);
  admin = await bar.admin();
  [guest, other] = (await bar.guests(2)) as [Person, Person];
  barista = signedIn(await accountToken(bar, "barista@example.com", ["admin"]));
  display = await bar.secondBarista();
  operator = signedIn(await accountToken(bar, "operator@example.com", ["operator"]));
  idToken = (await guestTokens(bar)).IdToken;
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

const config = "serverlesspresso-config";
const staff = "serverlesspresso-admin";
const own = (person: SignedIn): string => `serverlesspresso-user-${person.sub}`;
/** Each form a filter or a topic may have; those that some role is granted first. */
const topics = (): string[] => [
  config,
  staff,
  own(guest),
  own(other),
  own(admin),
  own(barista),
  own(display),
  own(operator),
  "serverlesspresso-user-{userId}",
  "serverlesspresso-user-",
  "serverlesspresso-user-+",
  "serverlesspresso-user-#",
  "serverlesspresso-user-*",
  `${own(guest)}/`,
  "#",
  "+",
  "/+",
  "+/#",
  "+/+",
  `+/${staff}`,
  `${staff}/#`,
  `${config}/+`,
  "$SYS/#",
  "$SYS/+/new/clients",
  "$SYS",
  "$share/a/#",
  `$share/a/${staff}`,
  `$share/a/${config}`,
  `$queue/${staff}`,
  "*",
  "",
];
/** Whether a message can have this topic. */
const isTopic = (name: string): boolean => name !== "" && !/[+#]/.test(name);

const open = (token: string | undefined, more: IClientOptions = {}): MqttClient =>
  mqtt.connect(`${bar.url.replace("http", "ws")}/mqtt`, {
    reconnectPeriod: 0,
    ...(token !== undefined && { username: "t", password: token }),
    ...more,
  });
const opened = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once("connect", () => resolve()));
/** Resolves once the other side has ended the link. */
const ended = (client: MqttClient): Promise<void> => new Promise((resolve) => client.on("error", () => {}).once("close", () => resolve()));

/** Which of these filters one SUBSCRIBE is granted. */
async function grantedOf(token: string | undefined, filters: readonly string[]): Promise<string[]> {
  const ear = await connect(bar.url, token);
  const codes = await granted(ear, [...filters]);
  ear.end();
  return filters.filter((_, at) => codes[at] !== undefined && codes[at] !== 128);
}

/** Each role: its token, and the topics it may subscribe to; no topic if it may not connect. The admin is barista and operator in one. */
const cells = {
  nobody: () => ({ token: undefined, hears: [config] }),
  guest: () => ({ token: guest.token, hears: [config, own(guest)] }),
  "other guest": () => ({ token: other.token, hears: [config, own(other)] }),
  admin: () => ({ token: admin.token, hears: [config, staff, own(admin)] }),
  barista: () => ({ token: barista.token, hears: [config, staff, own(barista)] }),
  display: () => ({ token: display.token, hears: [config, staff, own(display)] }),
  operator: () => ({ token: operator.token, hears: [config, own(operator)] }),
  "expired token": () => ({ token: expiredToken, hears: [] }),
  "id token": () => ({ token: idToken, hears: [] }),
  "bad token": () => ({ token: "x", hears: [] }),
} satisfies Record<string, () => { token: string | undefined; hears: string[] }>;
type Role = keyof typeof cells;
const roles = Object.keys(cells) as Role[];
const tokenOf = (role: Role): string | undefined => cells[role]().token;
const heardBy = (role: Role): string[] => cells[role]().hears;
const mayConnect = (role: Role): boolean => !role.endsWith("token");

describe.each(roles.filter(mayConnect))("RELIABILITY 30: %s", (role) => {
  test("subscribes to its own topics alone, each asked for by itself and in whatever place of a SUBSCRIBE", async () => {
    const found: string[] = [];
    for (const topic of topics()) found.push(...(await grantedOf(tokenOf(role), [topic])));
    expect(found).toEqual(heardBy(role));
    // One that is no filter ends the link, as MQTT demands.
    const filters = topics().filter(
      (topic) => topic !== "" && topic.split("/").every((level) => level.length === 1 || !/[+#]/.test(level)),
    );
    for (const order of [filters.slice(0, 15), filters.slice(15), filters.slice(0, 15).reverse()])
      expect((await grantedOf(tokenOf(role), order)).sort()).toEqual(
        heardBy(role)
          .filter((topic) => order.includes(topic))
          .sort(),
      );
  });

  test("publishes to none of them, retained or not: its link is ended", async () => {
    for (const topic of topics().filter(isTopic)) {
      for (const retain of [false, true]) {
        const client = open(tokenOf(role));
        const gone = ended(client);
        await opened(client);
        client.publish(topic, "forged", { retain, qos: retain ? 1 : 0 }, () => {});
        await gone;
      }
    }
  });

  test("leaves no will at any of them: it is not let in with one", async () => {
    for (const topic of topics().filter(isTopic)) {
      for (const retain of [false, true]) {
        const client = open(tokenOf(role), { will: { topic, payload: Buffer.from("forged"), qos: retain ? 1 : 0, retain } });
        let wasLetIn = false;
        client.once("connect", () => (wasLetIn = true));
        await ended(client);
        expect(wasLetIn).toBe(false);
      }
    }
  });
});

describe.each(roles.filter((role) => !mayConnect(role)))("RELIABILITY 30: %s", (role) => {
  test("is not let in at all", async () => {
    const client = open(tokenOf(role));
    let wasLetIn = false;
    client.once("connect", () => (wasLetIn = true));
    await ended(client);
    expect(wasLetIn).toBe(false);
  });
});

test("RELIABILITY 30: nothing of all that was forged was heard by anybody, nor is kept for whoever comes later", async () => {
  const ears = await Promise.all(
    [undefined, guest, other, admin].map((person) =>
      listen(bar.url, person, person === undefined ? config : person === admin ? staff : own(person)),
    ),
  );
  const publisher = open(admin.token);
  const gone = ended(publisher);
  await opened(publisher);
  for (const topic of [config, staff, own(guest), own(other)]) publisher.publish(topic, '{"forged":1}', { retain: true }, () => {});
  await gone;
  await ended(open(guest.token, { will: { topic: own(other), payload: Buffer.from('{"forged":1}'), qos: 1, retain: true } }));
  // What the shop says comes after all that, so whatever was let through would be here before it.
  await admin.call("PUT", "/store?state=closed");
  await admin.call("PUT", "/store?state=open");
  await bar.quiet();
  await expect.poll(() => ears[0]?.heard.length).toBe(2);
  const late = await listen(bar.url, undefined, config);
  for (const ear of [...ears, late]) expect(JSON.stringify(ear.heard)).not.toContain("forged");
  expect(late.heard).toEqual([]);
  for (const ear of [...ears, late]) ear.end();
});

test.each(["+", "#", "a/#", "a+b", "a/b", "*", "x/+", "$SYS", "{userId}", "$&", "$1"])(
  "RELIABILITY 30: a user id of %s opens the topic of that very name, which no wildcard leads to",
  (sub) => {
    const mayHear = createTopicRights(blueprint.topics);
    const identity = { sub, groups: [], expMs: Number.MAX_SAFE_INTEGER };
    const all = [...topics(), `serverlesspresso-user-${sub}`, "serverlesspresso-user-ab", "serverlesspresso-user-a/b/c"];
    expect([...new Set(all)].filter((topic) => mayHear(identity, topic))).toEqual([config, `serverlesspresso-user-${sub}`]);
  },
);
