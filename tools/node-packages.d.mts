/** Packages of npm that hold a Node 24, by platform and processor. */
export const nodePackages: Readonly<Record<string, { readonly name: string; readonly bin: string }>>;

interface ThisNode {
  readonly versions: { readonly node: string };
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
}

/** Returns the Node that runs a release: this one from 24 on, else the one that npm installed beside it, else this one from 22.18 on. */
export function nodeFor(process: ThisNode, resolve: (file: string) => string): string | undefined;
