import type { Settings } from "@serverlesspresso/ports";
import { usualSettings } from "@serverlesspresso/services/shared/settings.ts";
import type { PlatformOptions } from "./start/options.ts";

/** Returns the settings of the services. `rateLimitFactor` scales what counts addresses, which a conference shares; 0 switches it off. */
export function serviceSettings({
  guestSignIn: guestsAllowed = usualSettings.guestsAllowed,
  rateLimitFactor = 1,
}: Pick<PlatformOptions, "guestSignIn" | "rateLimitFactor">): Settings {
  const guestsPerAddress = rateLimitFactor === 0 ? Number.MAX_SAFE_INTEGER : usualSettings.guestsPerAddress * rateLimitFactor;
  return { ...usualSettings, guestsAllowed, guestsPerAddress };
}
