/** What the title of a test that is left out ends with; `npm test` lists these at its end. @param because undefined when it runs */
export const notRun = (because: string | undefined): string => (because === undefined ? "" : ` (not run: ${because})`);
