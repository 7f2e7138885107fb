import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Kit } from "./kit.ts";

const Context = createContext<Kit | undefined>(undefined);

/** Hands the kit to the shared components below it. */
export const KitProvider = Context.Provider;

/** The kit of the app around this component. */
export function useKit(): Kit {
  const kit = useContext(Context);
  if (!kit) throw new Error("useKit: no KitProvider above this component");
  return kit;
}
