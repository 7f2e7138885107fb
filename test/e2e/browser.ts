import { existsSync } from "node:fs";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";

const dist = join(import.meta.dirname, "../../apps/dist");

/** The real Chromium of the tests, with further flags. The apps must have been built: `npm run build`. */
export async function launchBrowser(...flags: readonly string[]): Promise<Browser> {
  if (!existsSync(join(dist, "order/index.html"))) throw new Error(`no built apps at ${dist}; run "npm run build" first`);
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", ...flags],
    headless: true,
  });
}

/** A page of its own device, and what went wrong on it. */
export interface Device {
  readonly page: Page;
  /** Exceptions, and everything the page's security policy had to stop. */
  readonly problems: readonly string[];
  /** True until the page is loaded anew. */
  isSamePage(): Promise<boolean>;
  close(): Promise<void>;
}

const policyWords = /content security policy|trusted ?types?|refused to/i;

export async function openDevice(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Device> {
  const context = await browser.newContext({ locale: "en-US", ...options });
  // Ends what would never end, on a machine that is busy with other things too.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (policyWords.test(message.text())) problems.push(message.text());
  });
  await page.goto(url);
  await page.evaluate("window.marked = true");
  return { page, problems, isSamePage: () => page.evaluate("window.marked === true"), close: () => context.close() };
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
  }[];
}

/** What axe-core finds on the page as it stands, by day and by night. Moving parts are brought to rest first. */
export async function findings(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))");
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResult>(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
    );
    for (const { id, nodes } of violations) {
      for (const { target, failureSummary } of nodes) found.push(`${colorScheme} ${id}: ${JSON.stringify(target)} ${failureSummary ?? ""}`);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return found;
}
