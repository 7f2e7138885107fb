/** Checks templates against CloudFormation's own schemas and rules, with the validator that comes with CDK. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, Templates } from "./deployment.ts";

interface Diagnostic {
  readonly ruleId?: string;
  readonly severity?: string;
  readonly message?: string;
  readonly [member: string]: unknown;
}
interface ValidatorModule {
  readonly TemplateFile: new (path: string) => unknown;
  readonly CompositeEngine: new () => { validateTemplate(file: unknown): { readonly diagnostics: readonly Diagnostic[] } };
}

/** Warnings that count as faults: a value outside the allowed ones, and a runtime that is not supported. */
const fatalWarnings = new Set(["W3030", "W2533"]);

/** Creates the validator, which takes some seconds. */
export function createValidator(): (templates: Templates) => Finding[] {
  const ofCdk = createRequire(createRequire(import.meta.url).resolve("aws-cdk-lib/package.json"));
  const { CompositeEngine, TemplateFile } = ofCdk("@aws/cloudformation-validate") as ValidatorModule;
  const engine = new CompositeEngine();
  return (templates) => {
    const folder = mkdtempSync(join(tmpdir(), "templates-"));
    try {
      return Object.entries(templates).flatMap(([stack, template]) => {
        const file = join(folder, `${stack}.json`);
        writeFileSync(file, JSON.stringify(template));
        return engine
          .validateTemplate(new TemplateFile(file))
          .diagnostics.filter(isFault)
          .map((one) => ({ where: stack, what: print(one) }));
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function isFault({ ruleId = "", severity = "" }: Diagnostic): boolean {
  return /fatal|error/i.test(severity) || fatalWarnings.has(ruleId);
}

function print({ ruleId, severity, message }: Diagnostic): string {
  return `${severity} ${ruleId}: ${message}`;
}
