import type { Diagnostic } from "../src/errors.ts";
import type { TestStateRequest } from "../src/test-state/request.ts";

/** What the thread shall check: a definition, or whether a TestState call may run. Both travel as text. */
export type Task = { readonly kind: "definition"; readonly text: string } | { readonly kind: "testState"; readonly json: string };

/** What the `json` of a `testState` task holds. */
export type AskedTest = TestStateRequest;

/** A task as it is posted to the thread; its answer carries the same `id`. */
export type Question = Task & { readonly id: number };

/** The thread's answer. `refusal` is the error of a TestState call that AWS refuses; absent if AWS would run it. */
export type Answer =
  | { readonly id: number; readonly kind: "found"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly id: number; readonly kind: "refusal"; readonly refusal?: { readonly code: string; readonly message: string } };
