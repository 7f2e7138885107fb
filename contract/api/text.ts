import { z } from "zod";
import { displayText } from "../display-text.ts";

/** A line that people write, at most `max` characters before cleaning. */
export const line = (max: number) => z.string().max(max).transform(displayText);
