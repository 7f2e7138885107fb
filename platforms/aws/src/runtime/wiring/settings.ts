import type { Settings } from "@serverlesspresso/ports";
import { usualSettings } from "@serverlesspresso/services/shared/settings.ts";
import { readEnvironment } from "../environment.ts";

const { GUEST_SIGN_IN } = readEnvironment(["GUEST_SIGN_IN"]);

/** What the deployment decides for the services. */
export const settings: Settings = { ...usualSettings, guestsAllowed: GUEST_SIGN_IN === "on" };
