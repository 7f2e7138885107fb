/**
 * An event of the catalogue.
 *
 * E1. A reader is tolerant: it keeps members that it does not know, and events put on the bus by hand may lack those that have a default
 *     or are optional.
 * E2. An event of the system itself has every member that is not optional, and no other than those named here.
 * E3. Who listens follows from the rules, so it is not written here.
 */
import { z } from "zod";

/** The members of a detail, each with its schema. */
export type DetailShape = z.core.$ZodLooseShape;

/** One kind of event. */
export interface EventDefinition<DetailType extends string = string, Shape extends DetailShape = DetailShape> {
  /** `bar`: the bar's own event source, on its own bus; else the source on the account's default bus. */
  readonly source: "bar" | "aws.states";
  readonly detailType: DetailType;
  readonly detail: z.ZodObject<Shape, z.core.$loose>;
  /** What has happened, for readers of the documents and the console. */
  readonly sentence: string;
  /** Services, workflows by the names of docs/spec.md section 2, or `AWS Step Functions`. */
  readonly emittedBy: readonly string[];
}

/** What a reader finds in an event's detail, and an emitter gives. */
export type DetailOf<Definition extends EventDefinition> = z.output<z.ZodObject<Definition["detail"]["shape"], z.core.$strip>>;

/** Describes one kind of event. `detail` names its members. */
export function defineEvent<const DetailType extends string, Shape extends DetailShape>({
  detail,
  ...facts
}: Omit<EventDefinition<DetailType>, "detail"> & { readonly detail: Shape }): EventDefinition<DetailType, Shape> {
  return { ...facts, detail: z.looseObject(detail) };
}
