import { type Blueprint, openApiDocument } from "@serverlesspresso/blueprint";
import { version } from "@serverlesspresso/commands";
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { createWebsite, type WebsiteOptions } from "../constructs/website.ts";
import type { DataStack } from "./data-stack.ts";
import type { ServicesStack } from "./services-stack.ts";

/** The blueprint, and the stacks that the website leads to. */
export interface WebsiteStackProps extends StackProps, Pick<WebsiteOptions, "appsFolder" | "domain"> {
  readonly blueprint: Blueprint;
  readonly data: DataStack;
  readonly services: ServicesStack;
}

/** The stack of the apps and of the one host name for everything. */
export class WebsiteStack extends Stack {
  constructor(scope: Construct, id: string, { blueprint, data, services, appsFolder, domain, ...props }: WebsiteStackProps) {
    super(scope, id, props);
    const distribution = createWebsite(this, {
      bar: blueprint.names.bar,
      appsFolder,
      domain,
      openApi: openApiDocument(blueprint.routes, version),
      paths: blueprint.routes,
      apiId: services.apiId,
      edgeKey: services.edgeKey,
      live: services.live,
      settings: {
        bar: blueprint.names.bar,
        region: this.region,
        userPoolId: data.pool.userPoolId,
        userPoolWebClientId: data.client.userPoolClientId,
        poolId: data.pool.userPoolId,
        userPoolEndpoint: `https://cognito-idp.${this.region}.amazonaws.com`,
      },
    });
    new CfnOutput(this, "Url", { value: `https://${domain?.name ?? distribution.distributionDomainName}` });
  }
}
