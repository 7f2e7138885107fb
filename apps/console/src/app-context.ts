import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ConsoleApp } from "./console-app.ts";

const Context = createContext<ConsoleApp | undefined>(undefined);

/** Hands the app's state to its views. */
export const AppProvider = Context.Provider;

/** The state of the app around this view. */
export function useConsole(): ConsoleApp {
  const app = useContext(Context);
  if (!app) throw new Error("useConsole: no AppProvider above this view");
  return app;
}
