import { z } from "zod";

const Chosen = z.looseObject({ drink: z.string(), modifiers: z.array(z.string()).default([]) });

/** The drink and its options; null where none is chosen or it cannot be read. An event by hand may hold it as JSON text. */
export const DrinkOrder = z
  .union([Chosen, z.string().transform(parse).pipe(Chosen)])
  .nullable()
  .catch(null);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
