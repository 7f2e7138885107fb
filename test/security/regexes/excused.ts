/** Regular expressions that recheck finds super-linear in general, as written, and why they are not where they stand. */
export const excused: ReadonlyMap<string, string> = new Map(
  (
    [
      [/\/+$/, "reads the shop's own address, in a guest's own browser"],
      [
        /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
        "reads a text that JSON.parse has taken, in which every quote is closed",
      ],
      [
        /(<!-- (flags|commands)(?: ([\w:-]+?))?(?:: ([\w ]+))? -->\n)[\s\S]*?(<!-- end -->)/g,
        "reads the project's own documents, by its own tool",
      ],
    ] as const
  ).map(([regex, because]) => [String(regex), because]),
);
