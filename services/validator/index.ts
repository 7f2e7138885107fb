import type { Deps } from "../shared/deps.ts";
import { getCode } from "./get-code.ts";
import { newOrderEvents } from "./new-order.ts";
import { spendToken } from "./spend-token.ts";

/** The validator: who may order. */
export function createValidator(deps: Deps) {
  return { GetCode: getCode(deps), SpendToken: spendToken(deps), NewOrder: newOrderEvents(deps) };
}
