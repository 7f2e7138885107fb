import { describe, expect, test } from "vitest";
import { createAllowedHosts, isPrivate } from "./allowed-hosts.ts";

const hosts = createAllowedHosts(["api.example.com", "localhost:8080", "[::1]:9", "192.168.1.5", "Mixed.example.com"]);

test.each([
  ["https://api.example.com/a?b=c"],
  ["https://API.example.com:443/"],
  ["http://localhost:8080/"],
  ["http://[::1]:9/"],
  ["http://192.168.1.5/"],
  ["http://0300.0250.1.5/"],
  ["https://mixed.example.com/"],
])("%s may be called", (address) => expect(hosts.reasonAgainst(new URL(address))).toBeUndefined());

test.each([
  { address: "https://example.com/", host: "example.com" },
  { address: "https://api.example.com:8443/", host: "api.example.com:8443" },
  { address: "https://api.example.com.evil.com/", host: "api.example.com.evil.com" },
  { address: "http://localhost/", host: "localhost" },
  { address: "http://2130706433/", host: "127.0.0.1" },
  { address: "http://169.254.169.254/latest/meta-data", host: "169.254.169.254" },
  { address: "http://[::ffff:7f00:1]/", host: "[::ffff:7f00:1]" },
])("$address may not: the reason names the host and the flag", ({ address, host }) => {
  const reason = hosts.reasonAgainst(new URL(address));
  expect(reason).toContain(`"${host}" is not allowed`);
  expect(reason).toContain(`--outbound-host ${host}`);
});

test.each([["ftp://api.example.com/"], ["http://api.example.com/"], ["file:///etc/passwd"], ["https://me:secret@api.example.com/"]])(
  "%s is not called",
  (address) => {
    const reason = hosts.reasonAgainst(new URL(address));
    expect(reason).toContain("expected");
    expect(reason).not.toContain("secret");
  },
);

test("a name that leads to a private address is refused, an address that is itself allowed is not", () => {
  expect(hosts.reasonAgainstAddress(new URL("https://api.example.com"), "10.0.0.1")).toContain("10.0.0.1");
  expect(hosts.reasonAgainstAddress(new URL("https://api.example.com"), "93.184.215.14")).toBeUndefined();
  expect(hosts.reasonAgainstAddress(new URL("http://192.168.1.5"), "192.168.1.5")).toBeUndefined();
  expect(hosts.reasonAgainstAddress(new URL("http://localhost:8080"), "127.0.0.1")).toBeUndefined();
});

describe("private addresses", () => {
  test.each(
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.0.1 198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:8.8.8.8 64:ff9b::808:808 fc00::1 fd12::1 fe80::1 ff02::1 2001:db8::1 2002:7f00:1:: 2001::1".split(
      " ",
    ),
  )("%s is one", (address) => expect(isPrivate(address)).toBe(true));
  test.each("8.8.8.8 172.15.0.1 172.32.0.1 100.128.0.1 192.167.1.1 223.255.255.1 2606:4700::1111 2001:4860:4860::8888".split(" "))(
    "%s is none",
    (address) => expect(isPrivate(address)).toBe(false),
  );
});
