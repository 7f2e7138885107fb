/** The trees that expressions parse to. They hold placeholders, not what stands for them: one tree serves every request with the same text. */

/** A document path: attribute names, `#placeholders` (they keep their `#`) and list indexes. */
export type Path = readonly (string | number)[];

/** An operand of a condition or an update: a path, a `:value` or a call of a function. */
export type Operand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly placeholder: string }
  | { readonly kind: "function"; readonly name: string; readonly operands: readonly Operand[] };

/**
 * The comparators of condition expressions.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/**
 * A parsed condition expression.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Condition =
  | { readonly kind: "or" | "and"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "compare"; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: "function"; readonly name: string; readonly operands: readonly Operand[] };

/** What SET may assign. */
export type SetValue = Operand | { readonly kind: "sum"; readonly sign: "+" | "-"; readonly left: Operand; readonly right: Operand };

/**
 * One action of a parsed update expression.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export type UpdateAction =
  | { readonly kind: "SET"; readonly path: Path; readonly value: SetValue }
  | { readonly kind: "REMOVE"; readonly path: Path }
  | { readonly kind: "ADD" | "DELETE"; readonly path: Path; readonly placeholder: string };

/** A parsed text with the placeholders it uses, in order of appearance. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** The paths of more than one step. */
  readonly nested: readonly Path[];
}
