import type { ServiceDescription } from "@serverlesspresso/aws-service";
import { place } from "../place.ts";

/** Where AWS's protocols are answered, in the router's words. */
export interface AwsPath {
  readonly methods: readonly string[];
  readonly path: string;
}

/** The paths of every protocol, and of the REST operations of these services. */
export function awsPathsOf(services: readonly ServiceDescription[]): readonly AwsPath[] {
  const bindings = services.flatMap(({ operations }) =>
    Object.values(operations).flatMap(({ http }) => (http === undefined ? [] : [http])),
  );
  const byFirst = Map.groupBy(bindings, ({ path }) => path.split("/")[1] as string);
  return [
    { methods: ["POST"], path: "/" },
    { methods: ["POST"], path: "/service/:service/operation/:operation" },
    ...[...byFirst].map(([first, some]) => ({ methods: [...new Set(some.map(({ method }) => method))], path: `/${first}/*` })),
    // Where older clients send a queue's calls.
    { methods: ["POST"], path: `/${place.account}/:queue` },
  ];
}
