/** The local platform behind AWS's protocols, as a place for contracts. */
import { type AwsBar, openAwsBar } from "../../test/aws/support.ts";
import type { Opened } from "./contract.ts";

/** Opens a shop of its own and whatever a contract needs of it. */
export async function openAtWire<Client>(connect: (bar: AwsBar) => Client): Promise<Opened<Client>> {
  const bar = await openAwsBar();
  return { client: connect(bar), close: () => bar.close() };
}
