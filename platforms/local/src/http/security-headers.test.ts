import { expect, test } from "vitest";
import { transportSecurity } from "./security-headers.ts";

/** For coffee.example, by an authority of its own; valid until 2126. */
const issued = `-----BEGIN CERTIFICATE-----
MIIBLTCB1QIUCvT98kuatL4fzKrDThDfN7WgVkowCgYIKoZIzj0EAwIwGTEXMBUG
A1UEAwwOVGVzdCBBdXRob3JpdHkwIBcNMjYxMTI5MjM0NDIzWhgPMjEyNjExMDUy
MzQ0MjNaMBkxFzAVBgNVBAMMDmNvZmZlZS5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEGWEwgpjRQN+fHSGxX2Pkg2QORkA990ndPK334iFKjPpYsD7b
dXHTsvVY9LocoQaDusPsYQFyg7WDu3GRJLrzsjAKBggqhkjOPQQDAgNHADBEAiAN
ezw1DXNxlwTD5qZ29XohsAtK9vyz4K1puOeQfxWBNgIgT/O8cQbBQpb2vL2UTn3b
3fXImYK8C+Itu7pL4xuBIC8=
-----END CERTIFICATE-----`;
const selfSigned = `-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUKdWgN6Q6goGcOYrS4lUlN+2YJ0swCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOVGVzdCBBdXRob3JpdHkwIBcNMjYxMTI5MjM0NDIzWhgPMjEy
NjExMDUyMzQ0MjNaMBkxFzAVBgNVBAMMDlRlc3QgQXV0aG9yaXR5MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE9iXhsVRLZbcorE/bHQcCE/xvJl7ld2wFC63e9qyP
FvUOe8NeWBux5eIQWTND4R0qGHDUilGfc23+wi5XcyOrJKNTMFEwHQYDVR0OBBYE
FHGlFak8w596xr+ZXQfd2b+V/nZYMB8GA1UdIwQYMBaAFHGlFak8w596xr+ZXQfd
2b+V/nZYMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAP0FOIpw
Ytw2isSrxoRYQtL+BcR6dBMIREDXGuRoPvxQAiAr60dCL53vASaeAr4pvM5e4i7c
eoQ5WiBl4rAx6NOrSg==
-----END CERTIFICATE-----`;

test.each([
  { name: "none in plain HTTP", certificate: undefined, headers: {} },
  { name: "none with a certificate that vouches for itself", certificate: selfSigned, headers: {} },
  { name: "a year with an authority's", certificate: issued, headers: { "strict-transport-security": "max-age=31536000" } },
])("RELIABILITY 21: $name", ({ certificate, headers }) => expect(transportSecurity(certificate)).toEqual(headers));
