import { place } from "../place.ts";

/** Where AWS's protocols are answered, in the router's words. The last is where older clients send a queue's calls. */
export const awsPaths: readonly { readonly methods: readonly string[]; readonly path: string }[] = [
  { methods: ["POST"], path: "/" },
  { methods: ["POST"], path: "/service/:service/operation/:operation" },
  { methods: ["GET", "POST"], path: "/2015-03-31/*" },
  { methods: ["POST"], path: "/topics/*" },
  { methods: ["POST"], path: `/${place.account}/:queue` },
];
