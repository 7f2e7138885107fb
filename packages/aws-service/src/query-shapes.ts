/** What a service's texts mean in AWS's query protocol: which parameters are lists, maps, numbers, and how answers are written. */
export interface QueryShapes {
  /** As a call names it: `2012-11-05`. */
  readonly version: string;
  /** Of the answer's XML. */
  readonly namespace: string;
  /**
   * Flattened lists, by the name of their parameter: `AttributeName.1=…`; without `lists` there is `member` before the number. What stands in
   * one operation's schema says its name there (`QM1`).
   */
  readonly lists?: Readonly<Record<string, string>>;
  readonly maps?: Readonly<Record<string, QueryMap>>;
  /** Numbers and booleans of inner structures; those of a request itself follow from its schema. */
  readonly numbers?: readonly string[];
  /** Numbers only beside another parameter, text elsewhere: a datum's `Value`, not a dimension's. */
  readonly numbersBeside?: Readonly<Record<string, string>>;
  readonly booleans?: readonly string[];
  /** How the entries of an answer's lists are called; others are `member` within the list's own name. */
  readonly entries?: (operation: string, member: string) => string | undefined;
}

/** A map is written as a row of pairs: `Attribute.1.Name=…&Attribute.1.Value=…`. */
export interface QueryMap {
  readonly member: (operation: string) => string;
  readonly key: string;
  readonly value: string;
}
