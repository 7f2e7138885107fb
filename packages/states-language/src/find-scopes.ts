/** Searches the live scopes of an execution. */
import { childrenOf, type Scope } from "./execution-state.ts";

/** Returns the paths to all live scopes for which `wanted` is true: outer before inner, then by index. */
export function findScopes(top: Scope | undefined, wanted: (scope: Scope) => boolean): number[][] {
  const found: number[][] = [];
  if (top) search(top, [], wanted, found);
  return found;
}

/** Returns whether `wanted` is true for a live scope. */
export function hasScope(top: Scope | undefined, wanted: (scope: Scope) => boolean): boolean {
  if (top === undefined) return false;
  if (wanted(top)) return true;
  const live = childrenOf(top)?.live;
  for (const index in live) if (hasScope(live[index], wanted)) return true;
  return false;
}

function search(scope: Scope, path: number[], wanted: (scope: Scope) => boolean, found: number[][]): void {
  if (wanted(scope)) found.push([...path]);
  const live = childrenOf(scope)?.live;
  for (const index in live) {
    path.push(Number(index));
    search(live[index] as Scope, path, wanted, found);
    path.pop();
  }
}

/** Returns the scope at `path` below `top`. */
export function scopeAt(top: Scope | undefined, path: readonly number[]): Scope {
  return path.reduce((scope, index) => childrenOf(scope)?.live[index] as Scope, top as Scope);
}

/** Returns the nearest deadline of a scope and those within it, in milliseconds since the epoch; undefined without one. */
export function nearestDue(scope: Scope | undefined): number | undefined {
  if (!scope) return undefined;
  let nearest = dueOf(scope);
  const live = childrenOf(scope)?.live;
  for (const index in live) nearest = earlier(nearest, nearestDue(live[index]));
  return nearest;
}

/** Returns the nearest deadline of the scope itself. */
export function dueOf(scope: Scope): number | undefined {
  switch (scope.kind) {
    case "waiting":
      return scope.untilMs;
    case "retrying":
      return scope.dueMs;
    case "runningTask":
      return earlier(scope.deadlineMs, scope.heartbeat?.dueMs);
    default:
      return undefined;
  }
}

/** Returns the earlier of two times; undefined if both are. */
export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
