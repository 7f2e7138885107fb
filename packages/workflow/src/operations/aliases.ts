/** CreateStateMachineAlias and its kin, as on Step Functions' wire. */
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { invalidArn } from "../arns.ts";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { keys } from "../keys.ts";
import type { AliasRecord } from "../records.ts";
import { isVersion } from "../target.ts";
import { quotaExceeded } from "../versions.ts";
import { arn, page, seconds, text } from "./request.ts";
import { list, read, write } from "./verbs.ts";

const description = text.max(256).optional();
const weight = z.number().int().min(0).max(100);
const routingConfiguration = z
  .array(z.object({ stateMachineVersionArn: arn, weight }))
  .min(1)
  .max(2);
type Routing = z.infer<typeof routingConfiguration>;
const name = text
  .min(1)
  .max(80)
  .regex(/^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]+$/);
const CreateStateMachineAlias = z.object({ name, description, routingConfiguration });
const UpdateStateMachineAlias = z.object({ stateMachineAliasArn: arn, description, routingConfiguration: routingConfiguration.optional() });
const ByAlias = z.object({ stateMachineAliasArn: arn });
const ListStateMachineAliases = z.object({ stateMachineArn: arn, ...page });
const mostAliases = 100;

/** Those that make, change, describe, list and delete aliases. */
export const aliasOperations = {
  // The same again answers the same alias.
  CreateStateMachineAlias: write(CreateStateMachineAlias, ({ engine }, tx, request) => {
    const { name: alias, description: said } = request;
    const { machine, routes } = routesOf(engine, tx, request.routingConfiguration);
    const key = keys.alias(machine, alias);
    const before = tx.get<AliasRecord>(key);
    if (before && (before.description !== said || !isSame(before.routes, routes))) {
      const message = "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
      throw new WorkflowError("ConflictException", message);
    }
    if (!before && tx.scan(keys.aliasesOf(machine)).length >= mostAliases) {
      throw quotaExceeded(`a state machine has at most ${mostAliases} aliases`);
    }
    const nowMs = engine.clock.nowMs();
    const record = before ?? { routes, createdMs: nowMs, updatedMs: nowMs, ...(said !== undefined && { description: said }) };
    if (!before) tx.put(key, record);
    return { stateMachineAliasArn: engine.arns.qualified(machine, alias), creationDate: seconds(record.createdMs) };
  }),
  UpdateStateMachineAlias: write(UpdateStateMachineAlias, ({ engine }, tx, request) => {
    const { stateMachineAliasArn, description: said, routingConfiguration: routing } = request;
    if (said === undefined && routing === undefined) {
      throw new WorkflowError("ValidationException", "Either description or routingConfiguration must be specified");
    }
    const { machine, alias, record } = expect(engine, tx, stateMachineAliasArn);
    const target = routing && routesOf(engine, tx, routing);
    if (target && target.machine !== machine) throw notFound();
    const updatedMs = engine.clock.nowMs();
    tx.put(keys.alias(machine, alias), {
      ...record,
      updatedMs,
      ...(target && { routes: target.routes }),
      ...(said !== undefined && { description: said }),
    } satisfies AliasRecord);
    return { updateDate: seconds(updatedMs) };
  }),
  DescribeStateMachineAlias: read(ByAlias, ({ engine }, view, { stateMachineAliasArn }) => {
    const { machine, alias, record } = expect(engine, view, stateMachineAliasArn);
    return {
      stateMachineAliasArn,
      name: alias,
      ...(record.description !== undefined && { description: record.description }),
      routingConfiguration: record.routes.map(([version, share]) => ({
        stateMachineVersionArn: engine.arns.qualified(machine, version),
        weight: share,
      })),
      creationDate: seconds(record.createdMs),
      updateDate: seconds(record.updatedMs),
    };
  }),
  // All of a machine, or those that point to a version, by name.
  ListStateMachineAliases: list(ListStateMachineAliases, ({ engine }, view, { stateMachineArn }, page) => {
    const { machine, qualifier } = engine.arns.machine(stateMachineArn);
    engine.machines.expect(view, machine);
    const after = page.after(z.string());
    const all = view
      .scan<AliasRecord>(keys.aliasesOf(machine))
      .map(([key, record]) => ({ alias: keys.qualifierOf(key), ...record }))
      .filter(({ alias, routes }) => (after === undefined || alias > after) && pointsTo(routes, qualifier));
    const shown = all.slice(0, page.limit);
    return {
      stateMachineAliases: shown.map(({ alias, createdMs }) => ({
        stateMachineAliasArn: engine.arns.qualified(machine, alias),
        creationDate: seconds(createdMs),
      })),
      ...page.next(all.length > shown.length ? shown.at(-1)?.alias : undefined),
    };
  }),
  // One that is not there is no matter.
  DeleteStateMachineAlias: write(ByAlias, ({ engine }, tx, { stateMachineAliasArn }) => {
    const { machine, alias } = aliasIn(engine, stateMachineAliasArn);
    tx.delete(keys.alias(machine, alias));
    return {};
  }),
};

/** @throws {WorkflowError} `ValidationException`, `ResourceNotFound` */
function routesOf(engine: Engine, view: ReadView, routing: Routing): { machine: string; routes: AliasRecord["routes"] } {
  const given = routing.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const refuse = (what: string, received: readonly (string | number)[]): WorkflowError =>
    new WorkflowError("ValidationException", `${what}. Received: [${received.join(", ")}]`);
  const targets = given.map((each) => engine.arns.machine(each));
  if (!targets.every(({ qualifier }) => qualifier !== undefined && isVersion(qualifier))) {
    throw refuse("Routing configuration must contain state machine version ARNs", given);
  }
  if (new Set(given).size < given.length) throw refuse("Routing configuration must contain distinct state machine version ARNs", given);
  const weights = routing.map((route) => route.weight);
  if (weights.reduce((sum, each) => sum + each, 0) !== 100) throw refuse("Sum of routing configuration weights must equal 100", weights);
  const machine = targets[0]?.machine as string;
  if (targets.some((target) => target.machine !== machine)) {
    throw refuse("Routing configuration must contain version ARNs of one state machine", given);
  }
  const routes = targets.map(({ qualifier }, i): [number, number] => [Number(qualifier), weights[i] as number]);
  if (routes.some(([version]) => view.get(keys.version(machine, version)) === undefined)) throw notFound();
  return { machine, routes };
}

function expect(engine: Engine, view: ReadView, aliasArn: string): { machine: string; alias: string; record: AliasRecord } {
  const { machine, alias } = aliasIn(engine, aliasArn);
  const record = view.get<AliasRecord>(keys.alias(machine, alias));
  if (record === undefined) throw notFound();
  return { machine, alias, record };
}

function aliasIn(engine: Engine, aliasArn: string): { machine: string; alias: string } {
  const { machine, qualifier: alias } = engine.arns.machine(aliasArn);
  if (alias !== undefined && !isVersion(alias)) return { machine, alias };
  throw invalidArn(aliasArn);
}

function notFound(): WorkflowError {
  return new WorkflowError("ResourceNotFound", "Request references a resource that does not exist.");
}

function pointsTo(routes: AliasRecord["routes"], version: string | undefined): boolean {
  return version === undefined || routes.some(([routed]) => String(routed) === version);
}

function isSame(one: AliasRecord["routes"], other: AliasRecord["routes"]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
