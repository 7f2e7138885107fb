/** Whether a page of the origin may connect to `host`: one served by this host, or a listed one. Programs other than browsers send none. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined, origins: readonly string[]): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && (new URL(origin).host === host || origins.includes(origin));
}
