/** `POST /pairings`. */
import { PairingBody } from "@serverlesspresso/contract/api";
import { apiHandler } from "../api/handler.ts";
import { clock } from "../base.ts";
import { pairingDesk } from "../wiring/pairing-desk.ts";

/** Serves the route that starts a pairing. */
export const handler = apiHandler(
  {
    method: "POST",
    path: "/pairings",
    who: "public",
    body: PairingBody,
    answer: async ({ body }) => ({ statusCode: 201, body: { ...(await pairingDesk.start((body as PairingBody).deviceName)) } }),
  },
  { clock },
);
