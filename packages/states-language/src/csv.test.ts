import { expect, test } from "vitest";
import { parseCsv } from "./csv.ts";

test.each([
  { text: 'a,"b\nc",d\n', rows: [["a", "b\nc", "d"]] },
  { text: "\ufeffa,b", rows: [["a", "b"]] },
  { text: ',\n""\n', rows: [["", ""], [""]] },
  { text: '"never closed', rows: [["never closed"]] },
  { text: 'a"b,"c"d', rows: [['a"b', "cd"]] },
  { text: "", rows: [] },
])("$text", ({ text, rows }) => expect(parseCsv(text, ",")).toEqual(rows));
