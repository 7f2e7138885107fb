/** What the platform itself keeps, by `PK` (S), forgotten at `expiresAt` (seconds): answers under an Idempotency-Key, events counted, pairings. */
export const platformTable = "serverlesspresso-platform-table";
