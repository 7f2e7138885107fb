import { type Names, physicalName } from "@serverlesspresso/contract";
import type { Tables } from "@serverlesspresso/ports";
import { caller, routeFunction } from "@serverlesspresso/services/edges/route-function.ts";
import { isLostRace } from "@serverlesspresso/services/shared/errors.ts";
import { z } from "zod";

/** The table of the cards: an item for each guest, with the set of their orders. */
export const cardTable = ({ bar }: Names): string => physicalName(bar, "loyalty-cards");

/** What a guest is shown of their card. */
export const Card = z.strictObject({ stamps: z.int() });
/** The answer to a guest who wants a cup for their card. */
export const Cup = z.strictObject({ isFree: z.boolean(), stamps: z.int() });
const fullCard = 2;

/** The route's function. Who calls sees their own card; one without a stamp is an empty card. */
export const getCard = routeFunction({}, ({ tables, names }) => async (call) => {
  return { statusCode: 200, body: { stamps: await readStamps(tables, names, caller(call).sub) } };
});

/** The function of the route that changes something: it has two ways, and `examples` in `service.ts` take it both. */
export const fillCup = routeFunction({}, ({ tables, names }) => async (call) => {
  const { sub } = caller(call);
  try {
    await tables.updateItem({
      tableName: cardTable(names),
      key: { PK: sub },
      updateExpression: "REMOVE orders",
      conditionExpression: "size(orders) >= :full",
      values: { ":full": fullCard },
    });
    return { statusCode: 200, body: { isFree: true, stamps: 0 } };
  } catch (error) {
    if (!isLostRace(error)) throw error;
    return { statusCode: 200, body: { isFree: false, stamps: await readStamps(tables, names, sub) } };
  }
});

async function readStamps(tables: Tables, names: Names, userId: string): Promise<number> {
  const card = await tables.getItem({ tableName: cardTable(names), key: { PK: userId } });
  return card?.orders instanceof Set ? card.orders.size : 0;
}
