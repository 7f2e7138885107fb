/** `POST /pairings/{code}`. */
import { apiHandler } from "../api/handler.ts";
import { clock } from "../base.ts";
import { pairingDesk } from "../wiring/pairing-desk.ts";

/** Serves the route that confirms a pairing. */
export const handler = apiHandler(
  {
    method: "POST",
    path: "/pairings/{code}",
    who: "operator",
    async answer({ pathParameters, identity }) {
      return { statusCode: 200, body: await pairingDesk.confirm(pathParameters.code ?? "", identity?.sub ?? "") };
    },
  },
  { clock },
);
