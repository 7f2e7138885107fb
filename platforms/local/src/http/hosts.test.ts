import { expect, test } from "vitest";
import { hostForPhones } from "./hosts.ts";

test.each([
  { name: "the loopback alone", origin: "http://localhost:4000", reachable: [], host: "localhost:4000" },
  {
    name: "the loopback of a machine on the network",
    origin: "http://localhost:4000",
    reachable: ["192.0.2.7", "198.51.100.2"],
    host: "192.0.2.7:4000",
  },
  { name: "the IPv6 loopback", origin: "http://[::1]:4000", reachable: ["192.0.2.7"], host: "192.0.2.7:4000" },
  { name: "an address on the network", origin: "http://198.51.100.2:4000", reachable: ["192.0.2.7"], host: "198.51.100.2:4000" },
  { name: "a name of its own", origin: "https://bar.example.com", reachable: ["192.0.2.7"], host: "bar.example.com" },
  { name: "a default port", origin: "http://127.0.0.1", reachable: ["192.0.2.7"], host: "192.0.2.7" },
])("phones are sent on from $name to $host", ({ origin, reachable, host }) => expect(hostForPhones(origin, { reachable })).toBe(host));
