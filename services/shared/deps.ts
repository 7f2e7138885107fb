import type { Names } from "@serverlesspresso/contract";
import type { Ports } from "@serverlesspresso/ports";

/** What every service is made from. */
export interface Deps extends Ports {
  readonly names: Names;
}
