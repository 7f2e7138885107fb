/**
 * Returns whether a client already has the representation that it asks for, so that 304 says all: the field lists its entity tag, or is `*`.
 * Tags are compared weakly: `W/` does not count.
 * @param field the request's `If-None-Match`, null without it
 * @param etag the current entity tag, quoted
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function matchesNoneMatch(field: string | null, etag: string): boolean {
  if (field === null) return false;
  if (field.trim() === "*") return true;
  const listed: readonly string[] = field.match(/"[^"]*"/g) ?? [];
  return listed.includes(etag.replace(/^W\//, ""));
}
