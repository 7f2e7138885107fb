/** The QR code routes of docs/spec.md section 4. */
import { z } from "zod";

/** The current window. `code` goes into the order app's address as `token`; where codes change, another follows at `codeEndMs`. */
export const CodeWindow = z.strictObject({
  code: z.string(),
  startMs: z.number().int(),
  endMs: z.number().int(),
  codeEndMs: z.number().int().optional(),
  remaining: z.number().int(),
});
export type CodeWindow = z.infer<typeof CodeWindow>;

/** The code that was scanned. */
export const SpendQuery = z.strictObject({ token: z.string().min(1).max(128) });
/** The caller's order. */
export const SpendAnswer = z.strictObject({ orderId: z.string() });
export type SpendAnswer = z.infer<typeof SpendAnswer>;
