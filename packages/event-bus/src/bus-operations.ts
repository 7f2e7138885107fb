/** EventBridge's operations on event buses and events. */
import { absent, asGiven } from "@serverlesspresso/aws-service";
import { testEventPattern } from "@serverlesspresso/event-patterns";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { type BusEngine, list, read, write } from "./engine.ts";
import { EventBusError, invalid } from "./errors.ts";
import { busNameOf } from "./put-events-request.ts";
import { page, Tags } from "./request.ts";
import { addTags, removeTags } from "./tags.ts";

const TestEventPattern = z.object({ EventPattern: z.string(), Event: z.string() });
const DescribeEventBus = z.object({ Name: z.string().optional() });
const ListEventBuses = z.object({ NamePrefix: z.string().optional(), ...page });
const CreateEventBus = z.object({
  Name: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[/.\-_A-Za-z0-9]+$/),
  Tags: Tags.optional(),
});
const DeleteEventBus = z.object({ Name: z.string().min(1).max(256) });

/** The operations that put events, and those that list, create and delete buses. */
export const busOperations = {
  PutEvents: write(asGiven, ({ putEvents }, tx, request) => putEvents(tx, request), {
    // One refused entry fails the task, as on AWS, and here takes the others back.
    optimized: { request: withDetailTexts, failureIn: ({ FailedEntryCount }) => (FailedEntryCount === 0 ? undefined : "FailedEntry") },
  }),
  TestEventPattern: read(TestEventPattern, (_engine, _view, { EventPattern, Event }) => ({
    Result: testEventPattern(EventPattern, Event),
  })),
  DescribeEventBus: read(DescribeEventBus, (engine, view, { Name }) => describeBus(engine, requireBus(engine, view, Name))),
  ListEventBuses: list(ListEventBuses, (engine, view, { NamePrefix = "" }, page) => {
    const { items, next } = page.cut(engine.book.listBuses(view).filter((name) => name.startsWith(NamePrefix)));
    return { EventBuses: items.map((name) => describeBus(engine, name)), ...next };
  }),
  CreateEventBus: write(CreateEventBus, (engine, tx, { Name, Tags = [] }) => {
    const { book } = engine;
    // Only a partner's bus has one in its name, and there are no partners here.
    if (Name.includes("/")) throw invalid("Event bus name must not contain '/'.");
    if (book.hasBus(tx, Name)) throw new EventBusError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
    book.putBus(tx, Name);
    addTags(tx, busArn(engine, Name), Tags);
    return { EventBusArn: busArn(engine, Name) };
  }),
  DeleteEventBus: write(DeleteEventBus, (engine, tx, { Name }) => {
    const { book } = engine;
    if (Name === "default") throw invalid("Cannot delete event bus default.");
    if (book.list(tx, Name).length > 0) throw invalid("Event bus can't be deleted since it has rules.");
    book.removeBus(tx, Name);
    removeTags(tx, busArn(engine, Name));
    return {};
  }),
  ...absent("there is one account", ["PutPermission", "RemovePermission"]),
  ...absent("a bus has a name and tags alone: no policy, key or dead-letter queue of its own", ["UpdateEventBus"]),
};

/** A state may write a value where an entry has its JSON text. */
function withDetailTexts({ Entries, ...others }: JsonObject): JsonObject {
  const entries = Array.isArray(Entries) ? Entries.map((entry: JsonValue) => (isObject(entry) ? withDetailText(entry) : entry)) : [];
  return { ...others, Entries: entries };
}

function withDetailText(entry: JsonObject): JsonObject {
  const { Detail } = entry;
  return Detail === undefined || typeof Detail === "string" ? entry : { ...entry, Detail: JSON.stringify(Detail) };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the name of the bus in a request. @throws {EventBusError} `ResourceNotFoundException` */
export function requireBus({ book }: BusEngine, view: ReadView, nameOrArn: string | undefined): string {
  const name = busNameOf(nameOrArn);
  if (book.hasBus(view, name)) return name;
  throw new EventBusError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
}

function busArn({ region, account }: BusEngine, name: string): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

function describeBus(engine: BusEngine, name: string): JsonObject {
  return { Name: name, Arn: busArn(engine, name) };
}
