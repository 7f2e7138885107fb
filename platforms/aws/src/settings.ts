import { type Blueprint, blueprintOf } from "@serverlesspresso/blueprint";
import { type DeploymentSettings as Given, readSetting, UsageError, type Values } from "@serverlesspresso/commands";
import { namesOf } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import type { ShopOptions } from "./shop-app.ts";

/** The settings of a deployment that its operator chooses. */
export type DeploymentSettings = Required<Pick<ShopOptions, "guestSignIn" | "allowedOrigins">> & Pick<ShopOptions, "alarmEmail" | "domain">;

/** Returns the bar that a command is called for. @throws {UsageError} where no bar is named so */
export function barOf({ bar }: { readonly bar: string | undefined }): Blueprint {
  return blueprintOf(
    services,
    readSetting("--bar", () => namesOf(bar)),
  );
}

/** Returns the settings of a deployment. @throws {UsageError} for a host name without a certificate, or a certificate without a host name */
export function deploymentOf({ guestSignIn, allowedOrigins, alarmEmail, domainName, certificateArn }: Values<Given>): DeploymentSettings {
  if ((domainName === undefined) !== (certificateArn === undefined)) {
    throw new UsageError(`${domainName === undefined ? "CERTIFICATE_ARN" : "DOMAIN_NAME"} is given alone, expected both it and the other`);
  }
  return {
    guestSignIn,
    allowedOrigins: [...allowedOrigins],
    alarmEmail,
    domain: domainName === undefined || certificateArn === undefined ? undefined : { name: domainName, certificateArn },
  };
}
