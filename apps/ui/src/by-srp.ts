import { loadCode } from "./load-code.ts";
import type { WayIn } from "./user-pool.ts";

/** Signs in without sending the password. What it takes is fetched when somebody does. */
export const bySrp: WayIn = async (...asked) => (await loadCode(() => import("./srp.ts"))).signInBySrp(...asked);
