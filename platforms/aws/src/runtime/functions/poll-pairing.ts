/** `GET /pairings/current`: the device's secret stands where others have an access token. */
import { Refusal } from "@serverlesspresso/blueprint/edge/refusal.ts";
import { apiHandler } from "../api/handler.ts";
import { clock } from "../base.ts";
import { pairingDesk } from "../wiring/pairing-desk.ts";
import { userPool } from "../wiring/user-pool.ts";

/** Serves the route by which a device asks for the outcome of its pairing. */
export const handler = apiHandler(
  {
    method: "GET",
    path: "/pairings/current",
    who: "public",
    async answer({ bearer }) {
      if (bearer === undefined) throw new Refusal("not-signed-in", "The device's secret is missing.", { "www-authenticate": "Bearer" });
      const tokens = await pairingDesk.poll(bearer, userPool);
      return tokens === undefined ? { statusCode: 202, body: { status: "waiting" } } : { statusCode: 200, body: tokens };
    },
  },
  { clock },
);
