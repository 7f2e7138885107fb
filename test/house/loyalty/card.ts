import { type Names, physicalName } from "@serverlesspresso/contract";
import { caller, routeFunction } from "@serverlesspresso/services/edges/route-function.ts";
import { z } from "zod";

/** The table of the cards: an item for each guest, with the set of their orders. */
export const cardTable = ({ bar }: Names): string => physicalName(bar, "loyalty-cards");

/** What a guest is shown of their card. */
export const Card = z.strictObject({ stamps: z.int() });

/** The route's function. Who calls sees their own card; one without a stamp is an empty card. */
export const getCard = routeFunction({}, ({ tables, names }) => async (call) => {
  const card = await tables.getItem({ tableName: cardTable(names), key: { PK: caller(call).sub } });
  const orders = card?.orders;
  return { statusCode: 200, body: { stamps: orders instanceof Set ? orders.size : 0 } };
});
