import type { RuleBlueprint, TargetBlueprint } from "@serverlesspresso/blueprint";
import type { EventBus, Target } from "@serverlesspresso/event-bus";
import type { Transaction } from "@serverlesspresso/store";
import { applyOnce } from "./applied.ts";
import { arns } from "./place.ts";

/** Puts the blueprint's rules on its bus, or the account's. */
export function putRules(tx: Transaction, bus: EventBus, busName: string, blueprints: readonly RuleBlueprint[]): void {
  for (const rule of blueprints) {
    applyOnce(tx, "rule", rule.name, rule, () => {
      const { name, description, eventPattern, deadLetterQueue } = rule;
      bus.putRule(tx, {
        busName: rule.bus ?? busName,
        name,
        description,
        eventPattern,
        targets: rule.targets.map((target) => targetOf(target, deadLetterQueue)),
      });
    });
  }
}

function targetOf(target: TargetBlueprint, deadLetterQueue: string): Target {
  return {
    Id: target.name.replaceAll(/[^\w.-]/g, "-"),
    Arn: arns[target.kind](target.name),
    DeadLetterConfig: { Arn: arns.queue(deadLetterQueue) },
    ...(target.kind === "workflow" && { executionNamePath: target.executionNamePath }),
  };
}
