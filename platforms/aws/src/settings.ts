import type { ShopOptions } from "./shop-app.ts";

/** What a deployment can be told, by environment. */
export type DeploymentSettings = Required<Pick<ShopOptions, "guestSignIn" | "allowedOrigins">> & Pick<ShopOptions, "alarmEmail" | "domain">;

/** A variable with a value that will not do. The message names it, what it has and what was expected. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the tools print for `--help`. */
export const usage = `GUEST_SIGN_IN     on or off: whether a name is enough to order (on)
ALLOWED_ORIGINS   further origins whose pages may call the API, separated by commas
ALARM_EMAIL       who is told of alarms (nobody)
DOMAIN_NAME       a name of one's own for the shop; needs CERTIFICATE_ARN
CERTIFICATE_ARN   its certificate, in us-east-1`;

/**
 * Reads the environment.
 * @throws {SettingsError}
 */
export function readDeploymentSettings(environment: Environment): DeploymentSettings {
  const given = (name: string): string | undefined => (environment[name] === "" ? undefined : environment[name]);
  const guests = given("GUEST_SIGN_IN") ?? "on";
  if (guests !== "on" && guests !== "off") throw new SettingsError(`GUEST_SIGN_IN is "${guests}", expected on or off`);
  const [name, certificateArn] = [given("DOMAIN_NAME"), given("CERTIFICATE_ARN")];
  if ((name === undefined) !== (certificateArn === undefined)) {
    throw new SettingsError(`${name === undefined ? "CERTIFICATE_ARN" : "DOMAIN_NAME"} is given alone, expected both it and the other`);
  }
  if (certificateArn !== undefined && !certificateArn.startsWith("arn:aws:acm:us-east-1:")) {
    throw new SettingsError(`CERTIFICATE_ARN is "${certificateArn}", expected a certificate in us-east-1: CloudFront takes no other`);
  }
  return {
    guestSignIn: guests === "on",
    allowedOrigins: (given("ALLOWED_ORIGINS") ?? "")
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
    alarmEmail: given("ALARM_EMAIL"),
    domain: name === undefined || certificateArn === undefined ? undefined : { name, certificateArn },
  };
}
