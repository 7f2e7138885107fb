/** Regular expressions that recheck finds super-linear in general, and why they are not where they stand. */
export const excused: Readonly<Record<string, string>> = {
  [String.raw`/\/+$/`]: "reads the shop's own address, in a guest's own browser",
  [String.raw`/"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g`]:
    "reads a text that JSON.parse has taken, in which every quote is closed",
  [String.raw`/(<!-- (flags|commands)(?: ([\w:-]+?))?(?:: ([\w ]+))? -->\n)[\s\S]*?(<!-- end -->)/g`]:
    "reads the project's own documents, by its own tool",
};
