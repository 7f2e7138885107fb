/** Whether an import names a package of npm or a module of Node: neither a file nor a workspace of the project. */
export function isOfNpm(id: string): boolean {
  return !/^(?:[./\0]|[A-Za-z]:|@serverlesspresso\/)/.test(id);
}

/** The package an import names: `lmdb` in `lmdb/dist`, `@node-rs/argon2` in `@node-rs/argon2/browser.js`. */
export function packageOf(id: string): string {
  const [first = "", second = ""] = id.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}
