import { readEnvironment } from "../environment.ts";

const { EDGE_KEY } = readEnvironment(["EDGE_KEY"]);

/** What CloudFront adds to each call, so that its word on the caller's address counts. */
export const edgeKey = EDGE_KEY;
