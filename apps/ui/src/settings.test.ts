import { expect, test } from "vitest";
import { consumeParameters } from "./parameters.ts";
import { baseOf, endpointsOf, foreignHosts, issuerOf, keepSettings, keptSettings, pickSettings, type Settings } from "./settings.ts";
import { settingsLink } from "./settings-link.ts";
import { createTestShelf } from "./test-shelf.ts";

const page = "http://192.168.1.5:4000";

test("S1. without settings everything is at the page's own origin", () => {
  const { clientId, poolId, mqtt, ...http } = endpointsOf({}, page);
  expect(new Set(Object.values(http))).toEqual(new Set([page]));
  expect([clientId, poolId, mqtt]).toEqual(["", "", "ws://192.168.1.5:4000/mqtt"]);
});

test.each([
  { pathname: "/order/", base: "https://bar.example" },
  { pathname: "/bar/order/", base: "https://bar.example/bar" },
  { pathname: "/a/b/order/x/order/", base: "https://bar.example/a/b" },
  { pathname: "/elsewhere", base: "https://bar.example" },
])("S1. the page at $pathname finds its backend at $base", ({ pathname, base }) => {
  expect(baseOf({ origin: "https://bar.example", pathname }, "order")).toBe(base);
  expect(endpointsOf({}, base)).toMatchObject({ orders: base, mqtt: `${base.replace("https", "wss")}/mqtt` });
});

test("sign-ins are kept apart for each set of addresses that tokens go to, and where they were for one backend", () => {
  const nameOf = (settings: Settings): string => issuerOf(endpointsOf(settings, page));
  expect(nameOf({})).toBe(`${page} ${page}`);
  const evil = "https://evil.example";
  const others = ["orderManagerEndpoint", "APIGWEndpointValidatorService", "APIGWEndpointConfigService", "userPoolEndpoint", "backend"];
  const names = others.map((name) => nameOf({ [name]: evil }));
  // Where two services are at one further address, that is one set.
  expect(names[1]).toBe(names[2]);
  expect(new Set([nameOf({}), nameOf({ host: "evil.iot.us-east-1.amazonaws.com" }), ...names]).size).toBe(6);
});

test("the workshop's settings lead to its services", () => {
  const settings = {
    backend: "https://bar.example/",
    host: "abc-ats.iot.us-east-1.amazonaws.com",
    orderManagerEndpoint: "https://o.example/Prod/",
  };
  expect(endpointsOf(settings, page)).toMatchObject({
    backend: "https://bar.example",
    orders: "https://o.example/Prod",
    config: "https://bar.example",
    mqtt: "wss://abc-ats.iot.us-east-1.amazonaws.com/mqtt",
  });
});

test.each([
  { name: "the page's own", settings: { backend: `${page}/` }, hosts: [] },
  { name: "another port", settings: { backend: "http://192.168.1.5:5000" }, hosts: ["192.168.1.5:5000"] },
  { name: "one service elsewhere", settings: { userPoolEndpoint: "https://evil.example" }, hosts: ["evil.example"] },
  { name: "a user name that looks like a host", settings: { backend: "http://192.168.1.5:4000@evil.example" }, hosts: ["evil.example"] },
  { name: "no address", settings: { backend: "javascript:alert(1)" }, hosts: [] },
])("S3. foreign hosts are named: $name", ({ settings, hosts }) => expect(foreignHosts(settings, page)).toEqual(hosts));

test("only known settings are taken, and only texts", () => {
  expect(pickSettings({ backend: " x ", host: 5, other: "y", userPoolWebClientId: "" })).toEqual({ backend: "x" });
});

test("kept settings come back; none are forgotten", () => {
  const shelf = createTestShelf();
  keepSettings(shelf, { backend: "http://b" });
  expect(keptSettings(shelf)).toEqual({ backend: "http://b" });
  keepSettings(shelf, {});
  expect(keptSettings(shelf)).toEqual({});
});

test.each([
  { href: `${page}/order/?token=abc&x=1&backend=http://b`, rest: `${page}/order/?x=1` },
  { href: `${page}/console/?token=abc#devices`, rest: `${page}/console/#devices` },
  { href: `${page}/console/#devices&%74oken=abc`, rest: `${page}/console/#devices` },
  { href: `${page}/order/#token=abc`, rest: `${page}/order/` },
  { href: `${page}/order/?token=abc`, rest: `${page}/order/` },
])("codes and settings leave the address bar: $href", ({ href, rest }) => {
  const addresses: string[] = [];
  const { values } = consumeParameters(
    new URL(href) as unknown as Location,
    { replaceState: (_a: unknown, _b: string, url: string) => addresses.push(url) } as unknown as History,
    ["token"],
  );
  expect(values.get("token")).toBe("abc");
  expect(addresses).toEqual([rest]);
});

test.each(["#devices", "#a=b&c", "#a=b%3D", ""])("an address with nothing to take stays as it is: %s", (hash) => {
  const taken = (): never => expect.unreachable("the address was changed");
  const href = `${page}/console/${hash}`;
  consumeParameters(new URL(href) as unknown as Location, { replaceState: taken } as unknown as History, ["token"]);
});

test("a settings link is read back as it was made", () => {
  const settings = { backend: "https://bar.example:1234", userPoolWebClientId: "a&b=c" };
  expect(
    consumeParameters(
      new URL(settingsLink(`${page}/barista/`, settings)) as unknown as Location,
      { replaceState: () => {} } as unknown as History,
      [],
    ).settings,
  ).toEqual(settings);
});
