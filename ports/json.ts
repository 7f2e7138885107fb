/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** An object of JSON. */
export type JsonObject = { readonly [key: string]: JsonValue };
