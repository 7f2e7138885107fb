import { Compile, parse } from "velocityjs";

/** The methods of Java's `String` that templates call; they take a regular expression where Java's do. */
const javaMethods: Readonly<Record<string, (text: string, args: readonly string[]) => unknown>> = {
  matches: (text, [pattern = ""]) => new RegExp(`^(?:${pattern})$`).test(text),
  replaceAll: (text, [pattern = "", by = ""]) => text.replaceAll(new RegExp(pattern, "g"), () => by),
  indexOf: (text, [part = ""]) => text.indexOf(part),
  lastIndexOf: (text, [part = ""]) => text.lastIndexOf(part),
  length: (text) => text.length,
  substring: (text, [from, to]) => text.substring(Number(from), Number(to)),
};

interface Call {
  readonly property: unknown;
  readonly context: unknown;
  readonly params?: readonly unknown[];
}

/** Renders a template of Velocity as API Gateway's Java would. */
export function renderVelocity(template: string, context: Readonly<Record<string, unknown>>): string {
  const isJava = ({ property, context }: Call): boolean => typeof context === "string" && Object.hasOwn(javaMethods, String(property));
  const onTexts = {
    uid: "java-texts",
    match: isJava,
    resolve: ({ property, context, params = [] }: Call) => javaMethods[String(property)]?.(String(context), params as readonly string[]),
  };
  const compiled = new Compile(parse(template), { customMethodHandlers: [onTexts] } as ConstructorParameters<typeof Compile>[1]);
  return compiled.render(context);
}
