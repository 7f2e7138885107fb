/** Everything beyond the first view, in one file to fetch. */
export { Choose } from "./choose.tsx";
export { Ended } from "./ended.tsx";
export { History } from "./history.tsx";
export { Progress } from "./progress.tsx";
