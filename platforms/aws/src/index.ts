/**
 * The blueprint as CDK stacks.
 *
 * A1. `blueprint/` alone says what the system is: this package turns each entry into a resource and adds only what AWS requires
 *     (roles, log groups, entry points, alarms). Names that docs/spec.md fixes are the names of the resources, so a region of an
 *     account holds one shop of each bar.
 * A2. What must survive (tables, user pool) is in a stack of its own, `BAR-Data`: it is retained when the stack is deleted,
 *     and no change of code replaces it. Everything else can be deleted and deployed again.
 * A3. Each function has its own role. A role allows exactly what `runtime/functions.ts` says its function calls, or what the states of
 *     its workflow call, on the resources named there. `*` is the resource only of actions for which IAM has no resource types
 *     (`checks/wildcards.ts` lists them).
 * A4. The workflows are the blueprint's own files; CloudFormation fills in each `${Name}` (DefinitionSubstitutions).
 * A5. Failed events are kept: every rule target, stream and queue has a dead-letter queue, and every function a failure destination;
 *     all log groups have a retention.
 * A6. Every route requires a token, except those that docs/spec.md section 4 calls public. A caller's id and groups come from the token,
 *     never from the request.
 * A7. Synthesis needs no network, no credentials and no container, and gives the same template each time.
 * A8. A fault that CloudFormation would not notice has a check: a pure function in `checks/` from template and blueprint to findings.
 *     `test/faults/` proves that each check can fail.
 *
 * Layout: `shop-app.ts` (the whole), `../tools/` (the commands, such as `npm run synth`), `stacks/` (what is deployed and deleted together),
 * `constructs/` (one kind of resource each, named as in `platforms/local`), `runtime/` (what runs in Lambda), `checks/`.
 */
export { type FunctionGrant, type RuntimeFunction, runtimeFunctions, runtimeFunctionsOf } from "./runtime/functions.ts";
