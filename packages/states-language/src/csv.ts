/** Parses CSV (RFC 4180). The delimiter may be another character than a comma, and lines may end with LF alone. */

/** Returns rows of fields without empty lines. A field with an unclosed quote ends with the text. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let [row, field, isQuoted]: [string[], string, boolean] = [[], "", false];
  const endField = (): void => {
    row.push(field);
    [field, isQuoted] = ["", false];
  };
  const endRow = (): void => {
    const isBlank = row.length === 0 && field === "" && !isQuoted;
    if (!isBlank) {
      endField();
      rows.push(row);
    }
    row = [];
  };
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at++) {
    const unit = text[at] as string;
    if (unit === '"' && field === "" && !isQuoted) {
      const end = endOfQuoted(text, at + 1);
      field = text.slice(at + 1, end).replaceAll('""', '"');
      isQuoted = true;
      at = end;
    } else if (unit === delimiter) endField();
    else if (unit === "\n" || (unit === "\r" && text[at + 1] === "\n")) {
      endRow();
      if (unit === "\r") at++;
    } else field += unit;
  }
  endRow();
  return rows;
}

/** Returns the index of the closing quote of a field, or the length of the text if the field is not closed. */
function endOfQuoted(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return text.length;
}
