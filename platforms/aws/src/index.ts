/**
 * The blueprint as CDK stacks.
 *
 * A1. What the system is stands in `blueprint/` alone: this package turns each entry into a resource and adds only what AWS itself
 *     demands (roles, log groups, entry points, alarms). Names that docs/spec.md fixes are the resources' own names, so a region of an
 *     account holds one shop.
 * A2. What must survive (tables, user pool) stands in a stack of its own, `Serverlesspresso-Data`: retained when a stack goes,
 *     and never replaced by a change of code. All else can be torn down and made again.
 * A3. Each function has a role of its own. A role allows just what `runtime/functions.ts` says its function calls, or what the states of
 *     its workflow call, on the resources named there. `*` stands nowhere but for calls that AWS gives no resource to
 *     (`checks/wildcards.ts` names them).
 * A4. The workflows are the blueprint's own files, their `${Name}` filled in by CloudFormation (DefinitionSubstitutions).
 * A5. What fails is kept: every rule target, stream and queue has a dead-letter queue, every function a destination for what it
 *     could not do; all log groups forget after a set time.
 * A6. Nobody comes in without a token but to what docs/spec.md section 4 calls public. A caller's id and groups are the token's, never the request's word.
 * A7. Synthesis needs no network, no credentials, no container, and gives the same template each time.
 * A8. What can be wrong in a template and is not seen by CloudFormation has a check: a pure function in `checks/` from template and
 *     blueprint to findings. `test/faults/` proves of each that it can fail.
 *
 * Layout: `shop-app.ts` (the whole), `../tools/` (what `npm run synth` and the like run), `stacks/` (what lives and dies together), `constructs/` (one kind of resource each, named as
 * in `platforms/local`), `runtime/` (what runs in Lambda), `checks/`.
 */
export { type FunctionGrant, type RuntimeFunction, runtimeFunctions, runtimeFunctionsOf } from "./runtime/functions.ts";
