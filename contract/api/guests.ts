/** Guest sign-in (docs/spec.md section 4). */
import { z } from "zod";
import { line } from "./text.ts";

/** The name on the cup. */
export const GuestBody = z.strictObject({ name: line(40).pipe(z.string().min(1)) });
export type GuestBody = z.input<typeof GuestBody>;

/** As `InitiateAuth` returns them. */
export const Tokens = z.strictObject({
  AccessToken: z.string(),
  IdToken: z.string(),
  RefreshToken: z.string(),
  ExpiresIn: z.number().int(),
  TokenType: z.literal("Bearer"),
});
export type Tokens = z.infer<typeof Tokens>;
