// Lambda's runtime for Node as a function sees it: loads the handler once, then asks the Runtime API for one invocation after another.
const { AWS_LAMBDA_RUNTIME_API, AWS_LAMBDA_FUNCTION_NAME, BUNDLE } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = (path, body) => fetch(`${api}/${path}`, { method: "POST", body: JSON.stringify(body) });
const failureOf = ({ name, message, stack }) => ({ errorType: name, errorMessage: message, trace: String(stack).split("\n") });

const { handler } = await import(BUNDLE).catch(async (error) => {
  await post("init/error", failureOf(error));
  process.exit(1);
});
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const deadlineMs = Number(next.headers.get("lambda-runtime-deadline-ms"));
  const context = {
    awsRequestId: id,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: next.headers.get("lambda-runtime-invoked-function-arn"),
    memoryLimitInMB: "256",
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
  try {
    await post(`invocation/${id}/response`, (await handler(await next.json(), context)) ?? null);
  } catch (error) {
    await post(`invocation/${id}/error`, failureOf(error));
  }
}
