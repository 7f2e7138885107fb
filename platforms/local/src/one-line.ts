// Not the rule of the contract: this one hides nothing, and leaves what a terminal shows as it is.
const unseen = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A text as one line that shows all it holds: what would end the line, turn its direction, steer a terminal or not be seen is written as an escape. */
export function oneLine(text: string): string {
  return text.replace(unseen, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
