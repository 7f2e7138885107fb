import { loadCode } from "./load-code.ts";
import type { WayIn } from "./user-pool.ts";

/** Signs in without sending the password. Its code is fetched at the first sign-in. */
export const bySrp: WayIn = async (...asked) => (await loadCode(() => import("./srp.ts"))).signInBySrp(...asked);
