/** Lambda's contract: `Echo` answers `{got: event}`, `Broken` throws a TypeError "no milk", `Talks` logs more than 4 KB. */
import { GetFunctionCommand, InvokeCommand, type LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { describeContract, type Place } from "./contract.ts";

/** At any endpoint that speaks its protocol. */
export function describeFunctionsContract(place: Place<LambdaClient>): void {
  describeContract("functions", place, ({ before, check }) => {
    let functions: LambdaClient;
    before(async (client) => {
      functions = client;
    });

    const invoke = (FunctionName: string, Payload: string, more = {}) =>
      functions.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(Payload), ...more }));

    for (const name of ["Echo", "arn:aws:lambda:us-east-1:123456789012:function:Echo"])
      check(`${name} is invoked and answers`, async () => {
        const { StatusCode, Payload, FunctionError, ExecutedVersion } = await invoke(name, '{"size":3}');
        expect([StatusCode, FunctionError, ExecutedVersion]).toEqual([200, undefined, "$LATEST"]);
        expect(Payload?.transformToString()).toBe('{"got":{"size":3}}');
      });

    check("a failure of the function is an answer that says so", async () => {
      const { StatusCode, Payload, FunctionError } = await invoke("Broken", "{}");
      expect([StatusCode, FunctionError]).toEqual([200, "Unhandled"]);
      expect(JSON.parse(Payload?.transformToString() ?? "")).toMatchObject({ errorType: "TypeError", errorMessage: "no milk" });
    });

    check("an event is taken, a dry run does nothing", async () => {
      expect((await invoke("Echo", "{}", { InvocationType: "Event" })).StatusCode).toBe(202);
      expect((await invoke("Broken", "{}", { InvocationType: "DryRun" })).StatusCode).toBe(204);
    });

    for (const { name, status, call } of [
      { name: "ResourceNotFoundException", status: 404, call: () => invoke("None", "{}") },
      { name: "InvalidRequestContentException", status: 400, call: () => invoke("Echo", "{") },
    ] as const)
      check(`errors keep AWS's name and status: ${name}`, async () => {
        await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
      });

    check("functions are listed, page by page", async () => {
      const first = await functions.send(new ListFunctionsCommand({ MaxItems: 2 }));
      expect(first.Functions?.length).toBe(2);
      const second = await functions.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
      expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toContain("Echo");
      const { Configuration } = await functions.send(new GetFunctionCommand({ FunctionName: "Echo" }));
      expect(Configuration).toMatchObject({ FunctionName: "Echo", Timeout: 3 });
    });

    check("the tail of the log comes with the answer where it is asked for", async () => {
      const tail = async (name: string, more = {}) => (await invoke(name, '{"size":3}', more)).LogResult;
      expect(await tail("Echo")).toBeUndefined();
      const text = Buffer.from((await tail("Echo", { LogType: "Tail" })) ?? "", "base64").toString();
      expect(text).toMatch(
        /^START RequestId: [0-9a-f-]{36} Version: \$LATEST\n[\s\S]*END RequestId: [\s\S]*REPORT RequestId: [^\n]*Duration: [^\n]*\n$/,
      );
      expect(Buffer.from((await tail("Talks", { LogType: "Tail" })) ?? "", "base64").length).toBe(4_096);
    });
  });
}
