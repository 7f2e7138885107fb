import type { Diagnostic } from "../src/errors.ts";
import type { TestStateRequest } from "../src/test-state/request.ts";

/** What the thread is asked: the findings about a definition, or whether a TestState call may run. Both travel as text. */
export type Task = { readonly kind: "definition"; readonly text: string } | { readonly kind: "testState"; readonly json: string };

/** What a `json` of a `Task` holds. */
export type AskedTest = TestStateRequest;

export type Question = Task & { readonly id: number };

/** `refusal` is what a TestState call is refused with. */
export type Answer =
  | { readonly id: number; readonly kind: "found"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly id: number; readonly kind: "refusal"; readonly refusal?: { readonly code: string; readonly message: string } };
