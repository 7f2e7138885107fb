import { type Blueprint, blueprint as wholeBlueprint } from "@serverlesspresso/blueprint";
import { App, Tags } from "aws-cdk-lib";
import type { RuntimeFunction } from "./runtime/functions.ts";
import { stackNamesOf } from "./stack-names.ts";
import { DataStack } from "./stacks/data-stack.ts";
import { ServicesStack } from "./stacks/services-stack.ts";
import { WebsiteStack } from "./stacks/website-stack.ts";

/** The options of a deployment. */
export interface ShopOptions {
  /** Returns the folder of a function's bundle. */
  readonly codeOf: (fn: RuntimeFunction) => string;
  /** The folder of the built apps. */
  readonly appsFolder: string;
  readonly outdir?: string;
  readonly blueprint?: Blueprint;
  readonly guestSignIn?: boolean;
  readonly allowedOrigins?: readonly string[];
  readonly alarmEmail?: string | undefined;
  readonly domain?: { readonly name: string; readonly certificateArn: string } | undefined;
}

/** CDK's feature flags. The synthesis fails for faults that CDK's validator finds. */
const context = {
  "@aws-cdk/core:validateAgainstDefaultRules": true,
  "@aws-cdk/customresources:installLatestAwsSdkDefault": false,
  "aws:cdk:disable-asset-staging": false,
};

/** Returns the whole shop as a CDK app. Account and region are those of the caller who deploys it. */
export function createShopApp(options: ShopOptions): App {
  const { blueprint = wholeBlueprint, codeOf, appsFolder, outdir } = options;
  const app = new App({ context, analyticsReporting: false, ...(outdir !== undefined && { outdir }) });
  const { names } = blueprint;
  const stackNames = stackNamesOf(names);
  Tags.of(app).add("application", names.bar.toLowerCase());
  const description = (what: string): { description: string } => ({ description: `${names.bar}: ${what}` });
  const data = new DataStack(app, stackNames.data, blueprint, { ...description("tables and people"), terminationProtection: true });
  const services = new ServicesStack(app, stackNames.services, {
    ...description("bus, functions, workflows, queues and API"),
    blueprint,
    data,
    codeOf,
    guestSignIn: options.guestSignIn ?? true,
    allowedOrigins: options.allowedOrigins ?? [],
    alarmEmail: options.alarmEmail,
  });
  new WebsiteStack(app, stackNames.website, {
    ...description("the apps"),
    blueprint,
    data,
    services,
    appsFolder,
    domain: options.domain,
  });
  return app;
}
