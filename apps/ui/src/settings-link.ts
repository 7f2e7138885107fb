import type { Settings } from "./settings.ts";

/** A link that hands these settings over. */
export function settingsLink(page: string, settings: Settings): string {
  const url = new URL(page);
  for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
  return url.href;
}
