import { signalFunction } from "../edges/signal-function.ts";
import { isLostRace } from "../shared/errors.ts";
import { isPauseOver } from "../shared/shop.ts";
import { configKey } from "./change-config.ts";

/** On the instant in `reopensAt`, or whenever it may have passed: writes the end of a pause that is over (C3). With nothing to end it writes nothing. */
export const endPause = signalFunction(({ tables, names, clock }) => async () => {
  const tableName = names.configTable;
  const { reopensAt } = (await tables.getItem({ tableName, key: configKey })) ?? {};
  if (!isPauseOver(reopensAt, clock.nowMs())) return undefined;
  try {
    await tables.updateItem({
      tableName,
      key: configKey,
      updateExpression: "SET storeOpen = :open REMOVE reopensAt",
      conditionExpression: "reopensAt = :at",
      values: { ":open": true, ":at": reopensAt },
    });
  } catch (error) {
    // An admin opened, closed or paused the shop meanwhile, and that counts.
    if (!isLostRace(error)) throw error;
  }
  return undefined;
});
