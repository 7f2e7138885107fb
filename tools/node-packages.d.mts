/** Packages of npm that hold a Node 24, by platform and processor. */
export const nodePackages: Readonly<Record<string, { readonly name: string; readonly bin: string }>>;
