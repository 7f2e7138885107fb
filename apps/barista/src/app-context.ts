import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { BaristaApp } from "./barista-app.ts";
import type { Keyboard } from "./keyboard.ts";

const Context = createContext<{ app: BaristaApp; keyboard: Keyboard } | undefined>(undefined);

/** Hands the app's state to its views. */
export const AppProvider = Context.Provider;

/** The state of the app around this view. */
export function useBarista(): { app: BaristaApp; keyboard: Keyboard } {
  const found = useContext(Context);
  if (!found) throw new Error("useBarista: no AppProvider above this view");
  return found;
}
