import { expect, test } from "vitest";
import { createReadSource, isThisMachine, isTrustable } from "./source.ts";

const read = createReadSource(["10.0.0.0/8", "loopback", "2001:db8::1"], false);
const sourceOf = (peer: string, headers: Record<string, string>) => read({ host: "inner:4000", ...headers }, peer);

test.each([
  { name: "a stranger's word counts nothing", peer: "203.0.113.9", headers: { "x-forwarded-for": "1.2.3.4" }, address: "203.0.113.9" },
  { name: "a trusted proxy's does", peer: "10.1.2.3", headers: { "x-forwarded-for": "1.2.3.4" }, address: "1.2.3.4" },
  { name: "IPv4 within IPv6", peer: "::ffff:10.1.2.3", headers: { "x-forwarded-for": "1.2.3.4" }, address: "1.2.3.4" },
  {
    name: "what the client put before is not believed",
    peer: "10.1.2.3",
    headers: { "x-forwarded-for": "9.9.9.9, 1.2.3.4, 10.0.0.7" },
    address: "1.2.3.4",
  },
  { name: "no header at all", peer: "127.0.0.1", headers: {}, address: "127.0.0.1" },
  { name: "nonsense", peer: "127.0.0.1", headers: { "x-forwarded-for": "unknown" }, address: "127.0.0.1" },
  { name: "a port", peer: "::1", headers: { "x-forwarded-for": "1.2.3.4:5678" }, address: "1.2.3.4" },
  {
    name: "Forwarded",
    peer: "10.1.2.3",
    headers: { forwarded: 'for=9.9.9.9, For="[2001:db8:1:2:3::4]:99";proto=https' },
    address: "2001:db8:1:2::/64",
  },
  {
    name: "two words that differ: the proxy's own",
    peer: "10.1.2.3",
    headers: { "x-forwarded-for": "1.2.3.4", forwarded: "for=9.9.9.9" },
    address: "10.1.2.3",
  },
  { name: "IPv6 counts by its network", peer: "2001:db8:0:7:aaaa::1", headers: {}, address: "2001:db8:0:7::/64" },
  {
    name: "IPv6 with zeros in the middle",
    peer: "2001:db8::1",
    headers: { "x-forwarded-for": "fe80::1%eth0" },
    address: "fe80:0:0:0::/64",
  },
])("the client: $name", ({ peer, headers, address }) => expect(sourceOf(peer, headers).address).toBe(address));

test("scheme, host and path of a trusted proxy are those the client sees, and nobody else's", () => {
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "bar.example", "x-forwarded-prefix": "/bar/" };
  expect(sourceOf("10.0.0.1", headers)).toMatchObject({ scheme: "https", host: "bar.example", prefix: "/bar" });
  expect(sourceOf("203.0.113.9", headers)).toMatchObject({ scheme: "http", host: "inner:4000", prefix: "" });
  expect(sourceOf("10.0.0.1", { forwarded: "for=1.2.3.4;host=bar.example;proto=https" })).toMatchObject({
    scheme: "https",
    host: "bar.example",
  });
  for (const prefix of ["//evil.example", "bar", "/a b", "/bar?x", "/<script>", "/../x", "/bar/..", "/./x", "/bar/./x", "/.."])
    expect(sourceOf("10.0.0.1", { "x-forwarded-prefix": prefix }).prefix).toBe("");
  for (const prefix of ["/.well", "/a..b", "/...", "/v1.2/bar"])
    expect(sourceOf("10.0.0.1", { "x-forwarded-prefix": prefix }).prefix).toBe(prefix);
});

test("what may be trusted: addresses, networks, loopback", () => {
  expect(["10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "loopback"].filter(isTrustable)).toHaveLength(5);
  expect(["", "*", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/8/8"].filter(isTrustable)).toEqual([]);
});

test.each([
  { peer: "127.0.0.1", is: true },
  { peer: "::1", is: true },
  { peer: "::ffff:127.0.0.1", is: true },
  { peer: "192.0.2.7", is: true },
  { peer: "192.0.2.8", is: false },
  { peer: "2001:db8::1", is: false },
])("this machine itself: $peer, $is", ({ peer, is }) => {
  expect(isThisMachine(createReadSource([], false)({}, peer).address, ["192.0.2.7"])).toBe(is);
});
