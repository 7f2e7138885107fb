/** `docs/aws-operations.md` lists what is there: it follows from the definitions. */
import { absenceTable, operationsTable } from "@serverlesspresso/aws-service";
import { expect, test } from "vitest";
import { createAwsServices } from "../../platforms/local/src/aws/services.ts";
import { openAwsBar } from "./support.ts";

const head = `# AWS operations answered here

Every operation is answered in JSON 1.0 and 1.1 and in CBOR, those of SQS, CloudWatch and STS in their query protocol too, those of Lambda and
IoT's data plane at their REST addresses. What is not in the list is refused with what is. "In workflows" names the service in the resource
of a Task state: \`arn:aws:states:::aws-sdk:sqs:sendMessage\`. See [Use your AWS tools](aws-tools.md).
`;

test("the documents list the operations that are there", async () => {
  const bar = await openAwsBar();
  try {
    const { identities, broker } = bar.platform;
    const services = createAwsServices({ engines: bar.platform, pool: identities.pool, topics: broker, onError() {} });
    const described = [...services.values()].map(({ service }) => service);
    const missing = `## Known to be missing\n\n${absenceTable(described)}`;
    const page = `${head}\n${operationsTable(described)}\n\n${missing}\n`;
    await expect(page).toMatchFileSnapshot("../../docs/aws-operations.md", "npm run renew writes it");
  } finally {
    await bar.close();
  }
});
