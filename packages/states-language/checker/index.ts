export { createDefinitionChecker, type DefinitionChecker, type DefinitionCheckerOptions } from "./definition-checker.ts";
