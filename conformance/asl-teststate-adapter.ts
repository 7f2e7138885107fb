/** Solves cases of the TestState suite with the local platform's own operation: runs one state, and prints its inspection data. */
import { createInterface } from "node:readline";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { openLocalServices } from "./local-services.ts";

/** Members of the call, and of its answer's `inspectionData`, that are JSON texts on the wire and values in the cases. */
const texts = ["definition", "input", "context", "variables"];

const services = await openLocalServices();
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as JsonObject))}\n`);
}
await services.close();

async function answer({ id: _id, ...request }: JsonObject): Promise<JsonObject> {
  // A call with a mock was recorded with a role, one without had none.
  const call = { ...request, ...(request.mock !== undefined && { roleArn: "arn:aws:iam::111111111111:role/case" }) };
  const told = await services.call("AWSStepFunctions", "TestState", written(call));
  if ("refusal" in told) return { exception: told.refusal };
  const { output, inspectionData, ...others } = told.answer;
  return {
    ...others,
    ...(output !== undefined && { output: read(output) }),
    ...(inspectionData !== undefined && {
      inspectionData: Object.fromEntries(Object.entries(inspectionData as JsonObject).map(([name, value]) => [name, read(value)])),
    }),
  };
}

function written(request: JsonObject): JsonObject {
  const write = (name: string, value: JsonValue): JsonValue => (texts.includes(name) ? JSON.stringify(value) : value);
  return Object.fromEntries(Object.entries(request).map(([name, value]) => [name, write(name, value)]));
}

function read(value: JsonValue): JsonValue {
  return typeof value === "string" ? (JSON.parse(value) as JsonValue) : value;
}
