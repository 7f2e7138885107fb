import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DisplayApp } from "./display-app.ts";

const Context = createContext<DisplayApp | undefined>(undefined);

/** Hands the app's state to its views. */
export const AppProvider = Context.Provider;

/** The state of the app around this view. */
export function useDisplay(): DisplayApp {
  const app = useContext(Context);
  if (!app) throw new Error("useDisplay: no AppProvider above this view");
  return app;
}
