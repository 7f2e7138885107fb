/** The real nginx before a bar, with the configuration of `docs/proxy.md`. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort, temporaryFolder } from "./server.ts";

const hasNginx = spawnSync("nginx", ["-v"]).status === 0 && spawnSync("openssl", ["version"]).status === 0;
/** Why nginx cannot be run here; undefined when it can. */
export const nginxMissing = hasNginx ? undefined : "nginx or openssl is not on PATH";

export interface Nginx {
  readonly port: number;
  /** What it serves with, in PEM: made for `bar.example`, by itself. */
  readonly certificate: string;
  readonly accessLog: () => string;
  stop(): Promise<void>;
}

/**
 * Starts it on the loopback, as the document has it: changed are its port, the bar's, and where its files are.
 * @param path the path that the bar is served under, as in `/bar/`; `/` for a host of its own
 */
export async function startNginx(target: string, path: string): Promise<Nginx> {
  const folder = temporaryFolder();
  const inside = (name: string): string => join(folder.path, name);
  const port = await freePort();
  makeCertificate(inside("cert.pem"), inside("key.pem"));
  const site = document()
    .replace("listen 443 ", `listen 127.0.0.1:${port} `)
    .replace("http://127.0.0.1:4000/", `${target}/`)
    .replace(/ssl_certificate \S+;/, `ssl_certificate ${inside("cert.pem")};`)
    .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${inside("key.pem")};`)
    .replace(/access_log \S+ /, `access_log ${inside("access.log")} `)
    .replace("location / {", `location ${path} {`)
    .replace('X-Forwarded-Prefix "";', `X-Forwarded-Prefix ${path === "/" ? '""' : path.slice(0, -1)};`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${inside(name)};`);
  const frame = ["daemon off; master_process off; worker_processes 1;", `pid ${inside("pid")};`, "events { worker_connections 1024; }"];
  writeFileSync(inside("nginx.conf"), `${frame.join("\n")}\nhttp {\n${temporary.join("\n")}\n${site}\n}\n`);
  mkdirSync(inside("logs"));
  const child = spawn("nginx", ["-p", folder.path, "-c", inside("nginx.conf"), "-e", inside("error.log")], { stdio: "pipe" });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await untilItListens(child, port);
  return {
    port,
    certificate: readFileSync(inside("cert.pem"), "utf8"),
    accessLog: () => readFileSync(inside("access.log"), "utf8"),
    async stop() {
      child.kill("SIGTERM");
      await gone;
      folder.remove();
    },
  };
}

function document(): string {
  const text = readFileSync(join(import.meta.dirname, "../../docs/proxy.md"), "utf8");
  return /```nginx\n(.*?)```/s.exec(text)?.[1] ?? "";
}

function makeCertificate(cert: string, key: string): void {
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const name = ["-subj", "/CN=bar.example", "-addext", "subjectAltName=DNS:bar.example"];
  const { status, stderr } = spawnSync("openssl", ["req", "-x509", ...kind, ...name, "-keyout", key, "-out", cert], { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ended with ${status}: ${stderr}`);
}

/** Resolves at the first connection that is taken. */
async function untilItListens(child: ChildProcess, port: number): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => (said += chunk));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${said}`);
    const listens = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (listens) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
