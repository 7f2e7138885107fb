/** The mails of a user pool, in the languages of the apps. */
/** `invite` carries a temporary password instead of a code. */
export type MailPurpose = "confirm" | "reset" | "invite";

type Language = "en" | "pt" | "es";
interface MailText {
  readonly subject: string;
  readonly text: string;
}

const texts: Record<Language, Record<MailPurpose, (code: string) => MailText>> = {
  en: {
    confirm: (code) => ({
      subject: `${code} is your Serverlesspresso code`,
      text: `Your code to confirm this e-mail address: ${code}\n\nIt is good for 10 minutes. If you did not ask for it, ignore this mail.\n`,
    }),
    reset: (code) => ({
      subject: `${code} is your Serverlesspresso code`,
      text: `Your code to set a new password: ${code}\n\nIt is good for 10 minutes. If you did not ask for it, ignore this mail: your password stays as it is.\n`,
    }),
    invite: (password) => ({
      subject: "Your Serverlesspresso account",
      text: `Your temporary password: ${password}\n\nYou choose your own when you sign in.\n`,
    }),
  },
  pt: {
    confirm: (code) => ({
      subject: `${code} é o seu código do Serverlesspresso`,
      text: `Seu código para confirmar este e-mail: ${code}\n\nEle vale por 10 minutos. Se você não o pediu, ignore esta mensagem.\n`,
    }),
    reset: (code) => ({
      subject: `${code} é o seu código do Serverlesspresso`,
      text: `Seu código para definir uma nova senha: ${code}\n\nEle vale por 10 minutos. Se você não o pediu, ignore esta mensagem: sua senha continua a mesma.\n`,
    }),
    invite: (password) => ({
      subject: "Sua conta do Serverlesspresso",
      text: `Sua senha temporária: ${password}\n\nVocê escolhe a sua ao entrar.\n`,
    }),
  },
  es: {
    confirm: (code) => ({
      subject: `${code} es tu código de Serverlesspresso`,
      text: `Tu código para confirmar este correo: ${code}\n\nVale durante 10 minutos. Si no lo pediste, ignora este mensaje.\n`,
    }),
    reset: (code) => ({
      subject: `${code} es tu código de Serverlesspresso`,
      text: `Tu código para poner una contraseña nueva: ${code}\n\nVale durante 10 minutos. Si no lo pediste, ignora este mensaje: tu contraseña sigue igual.\n`,
    }),
    invite: (password) => ({
      subject: "Tu cuenta de Serverlesspresso",
      text: `Tu contraseña temporal: ${password}\n\nEliges la tuya al iniciar sesión.\n`,
    }),
  },
};

/** @param locale a language tag such as `pt-BR`; English where it is another language */
export function mailText(purpose: MailPurpose, code: string, locale: string | undefined): MailText {
  const language = locale?.slice(0, 2).toLowerCase();
  return texts[language === "pt" || language === "es" ? language : "en"][purpose](code);
}
