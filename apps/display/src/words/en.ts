import type { Translated } from "../../../ui/src/i18n.ts";
import { words as common } from "../../../ui/src/words/en.ts";

/** The display's texts in English; the other languages have the same keys. */
export const words = {
  ...common,
  title: "Display",
  pairing: {
    title: "Pair this screen",
    text: "Open the console as an operator, choose Devices, and enter this code:",
    deviceName: "Display",
    waiting: "Waiting for the operator…",
    noCode: "No code right now. Asking for one…",
    or: "Or sign in here with a keyboard",
  },
  scan: "Scan to order",
  remaining: (count: number) => `${count} drink(s) remaining.`,
  newCodeIn: "New code in",
  changing: "This code changes every 30 seconds: scan it here.",
  usedUp: "We are making drinks",
  usedUpText: "All drinks of this code are taken. The next code appears in",
  soon: "A new code is on its way",
  closed: "Closed",
  closedText: "The bar is taking a break.",
  reopens: "Open again in",
  preparing: "Preparing",
  ready: "Ready",
  nothingPreparing: "No orders yet. Be the first!",
  nothingReady: "Finished drinks appear here.",
  page: (page: number, pages: number) => `${page} / ${pages}`,
  waitNow: (minutes: number) => `Wait now: about ${minutes} min`,
  call: "Ready for pickup",
  age: { calm: "new", soon: "waiting", late: "long wait" },
  making: "being made",
  queued: "in the queue",
  configureBarista: "Configure barista app",
  configureOrder: "Configure order app",
  fullScreen: "Full screen",
};

/** The shape of the display's texts. */
export type Words = Translated<typeof words>;
