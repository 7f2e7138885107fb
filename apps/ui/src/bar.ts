import { firstBar } from "@serverlesspresso/contract";
import { text } from "./shop.ts";

/** Returns the bar that an answer of `/settings.json` names, after which its topics are named; the first bar where it names none. */
export function barIn({ bar }: Readonly<Record<string, unknown>>): string {
  return text(bar) || firstBar;
}
