import type { Translated } from "../../../ui/src/i18n.ts";
import { words as common } from "../../../ui/src/words/en.ts";
import { problems } from "../../../ui/src/words/problems-en.ts";

/** The barista screen's texts in English; the other languages have the same keys. */
export const words = {
  ...common,
  problems: { ...common.problems, ...problems },
  title: "Barista",
  columns: { preview: "Preview", production: "Production", pickup: "Pickup" },
  empty: { preview: "No drinks waiting. Enjoy the calm.", production: "Nothing in the making.", pickup: "Nothing at the counter." },
  make: "Make",
  unmake: "Unmake",
  complete: "Complete",
  callAgain: "Call again",
  called: (number: number) => `Order ${number} was called again.`,
  order: (number: number) => `Order ${number}`,
  otherBarista: "another barista",
  age: { calm: "new", soon: "waiting", late: "long wait" },
  batch: "In demand now",
  cancelTitle: (number: number) => `Cancel order ${number}?`,
  reasons: ["Sold out", "Machine is down", "Closing time", "Nobody came"],
  otherReason: "Another reason",
  cancelWith: "Cancel with this reason",
  undo: "Undo",
  completing: (number: number) => `Order ${number} completed`,
  cancelling: (number: number) => `Order ${number} cancelled`,
  takenBack: (number: number) => `Order ${number} is back.`,
  guestCancelled: (number: number) => `The guest cancelled order ${number}.`,
  timedOut: (number: number) => `Order ${number} ran out of time.`,
  claimed: (number: number) => `Another tablet was faster with order ${number}.`,
  failed: (number: number, why: string) => `Order ${number}: ${why}`,
  unsent: (count: number) => (count === 1 ? "1 action waits for the network" : `${count} actions wait for the network`),
  store: {
    open: "Open",
    closed: "Closed",
    reopens: (time: string) => `Pause, ${time} left`,
    openNow: "Open the bar",
    close: "Close",
    pause: (minutes: number) => `Pause ${minutes} min`,
    title: "Bar open or closed",
  },
  menu: "Menu",
  available: "Available",
  soldOut: "Sold out",
  sound: "Sounds",
  keys: "Keys 1–9, Enter, U",
};

/** The shape of the barista screen's texts. */
export type Words = Translated<typeof words>;
