/** Every request, query and answer of the HTTP API. */
export { Config, ConfigBody, MenuBody, StoreQuery } from "./api/config.ts";
export { GuestBody, Tokens } from "./api/guests.ts";
export { ActionBody, ActionQuery, MyOrdersQuery, Order, OrderList, OrderPath, OrdersQuery } from "./api/orders.ts";
export { type ProblemSlug, problemType, problemTypes } from "./api/problems.ts";
export { CodeWindow, SpendAnswer, SpendQuery } from "./api/validator.ts";
