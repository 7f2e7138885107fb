/** Every request, query and answer of the HTTP API, as schemas. */
export { Config, ConfigBody, MenuBody, StoreQuery } from "./config.ts";
export { GuestBody, Tokens } from "./guests.ts";
export { ActionBody, ActionQuery, MyOrdersQuery, Order, OrderList, OrderPath, OrdersQuery } from "./orders.ts";
export { ConfirmedPairing, PairingBody, PairingPath, StartedPairing, WaitingPairing } from "./pairings.ts";
export { ProblemBody } from "./problem-body.ts";
export { CodeWindow, SpendAnswer, SpendQuery } from "./validator.ts";
