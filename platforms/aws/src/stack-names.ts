import { names } from "@serverlesspresso/contract";

/** The stacks by what they hold. */
export const stackNames = {
  data: `${names.bar}-Data`,
  services: `${names.bar}-Services`,
  website: `${names.bar}-Website`,
} as const;
