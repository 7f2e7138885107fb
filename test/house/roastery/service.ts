/** An AWS service that there is not: two operations over the store, to show what a new service needs. */
import { type AwsService, AwsServiceError, defineAwsService, operationsOn } from "@serverlesspresso/aws-service";
import type { Clock } from "@serverlesspresso/ports";
import { z } from "zod";
import { kinds } from "./record-kinds.ts";

interface Roastery {
  readonly clock: Clock;
}
interface Bean {
  readonly name: string;
  readonly roastedMs: number;
}

class RoasteryError extends AwsServiceError<"BeanExists" | "InvalidBean" | "InvalidToken"> {}

const Name = z.string().regex(/^[a-z]+$/);
const { list, write } = operationsOn<Roastery>();

export const roastery: AwsService<Roastery> = defineAwsService({
  name: "Roastery",
  target: "Roastery_20260601",
  signingNames: ["roastery"],
  sdk: { service: "roastery", errors: "Roastery" },
  protocol: "json-1.1",
  mostBytes: 1024,
  instants: ["RoastedAt"],
  query: { version: "2026-06-01", namespace: "https://roastery.amazonaws.com/doc/2026-06-01/" },
  errors: {
    invalid: ({ path, constraint }) => new RoasteryError("InvalidBean", `${path} is no bean: ${constraint}`),
    statuses: { BeanExists: 409 },
    queryCodes: { BeanExists: "Roastery.BeanThere" },
  },
  paging: { token: "NextToken", limit: "MaxResults", most: 10, refuse: () => new RoasteryError("InvalidToken", "No bean to go on from.") },
  operations: {
    PutBean: write(z.object({ Name }), ({ clock }, tx, { Name }) => {
      const key = kinds.beans.key(Name);
      if (tx.get(key) !== undefined) throw new RoasteryError("BeanExists", `There is a bean ${Name}.`);
      const bean: Bean = { name: Name, roastedMs: clock.nowMs() };
      tx.put(key, bean);
      return { RoastedAt: bean.roastedMs / 1000 };
    }),
    ListBeans: list(
      z.object({ Prefix: z.string().optional(), MaxResults: z.int().min(1).optional() }),
      (_roastery, view, request, page) => {
        const beans = view.scan<Bean>(kinds.beans.range()).map(([, bean]) => bean);
        const { items, next } = page.cut(beans.filter(({ name }) => name.startsWith(request.Prefix ?? "")));
        return { Beans: items.map(({ name, roastedMs }) => ({ Name: name, RoastedAt: roastedMs / 1000 })), ...next };
      },
    ),
  },
});
