/** Every request, query and answer of the HTTP API. Apps import the types alone. */
export { Config, ConfigBody, Menu, MenuBody, MenuEntry, ModifierGroup, StoreQuery } from "./api/config.ts";
export { GuestBody, Tokens } from "./api/guests.ts";
export {
  ActionBody,
  ActionQuery,
  DrinkOrder,
  MyOrdersQuery,
  Order,
  OrderList,
  OrderPath,
  OrderState,
  OrdersQuery,
} from "./api/orders.ts";
export { ProblemBody, type ProblemSlug, problemType, problemTypes } from "./api/problems.ts";
export { cleanText } from "./api/text.ts";
export { CodeWindow, SpendAnswer, SpendQuery } from "./api/validator.ts";
