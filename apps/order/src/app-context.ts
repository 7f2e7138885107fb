import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { OrderApp } from "./order-app.ts";

const Context = createContext<OrderApp | undefined>(undefined);

/** Hands the app's state to its views. */
export const AppProvider = Context.Provider;

/** The state of the app around this view. */
export function useApp(): OrderApp {
  const app = useContext(Context);
  if (!app) throw new Error("useApp: no AppProvider above this view");
  return app;
}
