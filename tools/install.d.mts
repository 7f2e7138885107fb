/** The repository's root, with no slash at its end. */
export const root: string;
/** Every workspace but the one that only AWS needs. */
export function shopWorkspaces(): string[];
/** What a file of the project needs, named from the root. */
export function neededBy(file: string): "shop" | "all";
/** The Node that runs TypeScript. */
export function nodePath(): string;
