/** The list of what is there, for documents and the console: it follows from the definitions. */
import type { Protocol, ServiceDescription } from "./aws-service.ts";
import { isChanging } from "./operation.ts";

/** One service and its operations, in plain data. */
export interface ServiceOverview {
  readonly name: string;
  /** As signatures and the command line name it. */
  readonly signingName: string;
  /** As SDK integrations of workflows name it. */
  readonly sdk: string;
  readonly protocol: Protocol;
  readonly operations: readonly OperationOverview[];
  /** What AWS has and is known to be missing, with the reason. */
  readonly absent: Readonly<Record<string, string>>;
  /** Why nothing else is there. */
  readonly outOfScope?: string;
}

/** One operation. */
export interface OperationOverview {
  readonly name: string;
  readonly isChanging: boolean;
  readonly isPublic: boolean;
}

/** Services and their operations, each in the order of their names. */
export function overviewOf(services: readonly ServiceDescription[]): readonly ServiceOverview[] {
  return services
    .map(({ name, signingNames, sdk, protocol, operations, absent, outOfScope }) => ({
      name,
      signingName: signingNames[0],
      sdk: sdk.service,
      protocol,
      operations: Object.entries(operations)
        .map(([name, operation]) => ({ name, isChanging: isChanging(operation), isPublic: operation.isPublic === true }))
        .sort(byName),
      absent,
      ...(outOfScope !== undefined && { outOfScope }),
    }))
    .sort(byName);
}

/** The same as a table in Markdown. */
export function operationsTable(services: readonly ServiceDescription[]): string {
  const rows = overviewOf(services).map(({ name, signingName, sdk, operations }) => {
    const names = operations.map((operation) => `\`${operation.name}\``).join(", ");
    return `| ${name} | \`${signingName}\` | \`aws-sdk:${sdk}\` | ${names} |`;
  });
  return ["| Service | Signed for | In workflows | Operations |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** What is known to be missing, as a table in Markdown. */
export function absenceTable(services: readonly ServiceDescription[]): string {
  const rows = overviewOf(services).flatMap(({ name, absent, outOfScope }) => {
    const groups = [...Map.groupBy(Object.entries(absent), ([, reason]) => reason)].map(([reason, some]): [string, string] => {
      return [some.map(([operation]) => `\`${operation}\``).join(", "), reason];
    });
    if (outOfScope !== undefined) groups.push(["the others", outOfScope]);
    return groups.map(([operations, reason]) => `| ${name} | ${operations} | ${reason} |`);
  });
  return ["| Service | Missing | Why |", "| --- | --- | --- |", ...rows].join("\n");
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
