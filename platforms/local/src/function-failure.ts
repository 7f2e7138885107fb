/** Returns a function's failure as an error of its own type. */
export function failureOf({ errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string }): Error {
  return Object.assign(new Error(errorMessage), { name: errorType });
}
