import type { SendMail } from "@serverlesspresso/identity";
import { createTransport } from "nodemailer";

/** Sends mails through a server. @param url `smtp://user:password@host:port`; a query `from=` names the sender */
export function createSendMail(url: string): SendMail {
  const { searchParams, hostname } = new URL(url);
  const from = searchParams.get("from") ?? `Serverlesspresso <no-reply@${hostname}>`;
  const transport = createTransport(url, { from });
  return async (to, subject, text) => {
    await transport.sendMail({ to, subject, text });
  };
}
