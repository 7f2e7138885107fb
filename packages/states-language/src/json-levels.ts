/** Bounds the depth of JSON: `JSON.parse` accepts any depth, but `JSON.stringify` and other recursion would overflow the stack. */
export const mostLevels = 1_000;

/** Returns how deep the arrays and objects of a JSON text nest. */
export function levelsOf(text: string): number {
  let [level, deepest, inString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22) inString = !inString;
    else if (inString) i += unit === 0x5c ? 1 : 0;
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++level);
    else if (unit === 0x7d || unit === 0x5d) level--;
  }
  return deepest;
}
