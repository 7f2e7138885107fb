/**
 * What every client of AWS is made with, once and outside handlers; Lambda's own credentials and region count. Calls are few and
 * small: none waits longer than its caller would.
 */
export const clientOptions = { maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } } as const;
