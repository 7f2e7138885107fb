import type { Ports } from "@serverlesspresso/ports";
import type { ServiceNames } from "../names.ts";

/** What every service is made from. */
export interface Deps extends Ports {
  readonly names: ServiceNames;
}
