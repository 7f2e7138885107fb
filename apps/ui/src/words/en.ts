import type { Translated } from "../i18n.ts";

type UserPoolError =
  | "NotAuthorizedException"
  | "UserNotConfirmedException"
  | "UsernameExistsException"
  | "CodeMismatchException"
  | "ExpiredCodeException"
  | "InvalidPasswordException"
  | "TooManyRequestsException"
  | "LimitExceededException";

/** What every app says. */
export const words = {
  language: "Language",
  notPrivate: "This link is not private: others on this network could read along.",
  settings: "Settings",
  back: "Back",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  retry: "Try again",
  againIn: (time: string) => `You can try again in ${time}.`,
  loading: "Loading…",
  offline: "No connection. Trying again…",
  stale: (age: string) => `No connection. This is how it was ${age} ago.`,
  seconds: (value: number) => `${value} s`,
  minutes: (value: number) => `${value} min`,
  unexpected: "Something went wrong. Please try again.",
  unreachable: "The bar cannot be reached. Please check the network.",
  signIn: {
    title: "Sign in",
    email: "E-mail",
    password: "Password",
    newPassword: "New password",
    passwordHint: "At least 12 characters",
    code: "Code from the e-mail",
    name: "Name",
    submit: "Sign in",
    create: "Create account",
    noAccount: "No account yet?",
    haveAccount: "Already have an account?",
    forgot: "Forgot password?",
    sendCode: "Send code",
    confirm: "Confirm",
    resend: "Send the code again",
    codeSent: (email: string) => `A code is on its way to ${email}.`,
    enterCode: (email: string) => `Enter the code from the e-mail to ${email}. If you have none, have it sent again.`,
    haveCode: "I have a code",
    otherPassword: "The password of this account may not be yours. Set your own, with a new code.",
    confirmed: "Your address is confirmed. Now set your own password, with a new code.",
    changePassword: "Set password",
    signOut: "Sign out",
    ended: "Your sign-in has ended. Please sign in again.",
    adminOnly: "This account does not belong to the bar's staff.",
    operatorsOnly: "Only operators may come in here, and this account is none. An operator can put it in the group “operator”.",
  },
  signOut: {
    everywhere: "Sign out everywhere",
    means: "Every display, tablet and phone of this account is signed out within a minute. Devices paired by a code stay.",
    agree: "Sign out all",
    unsent: "Not sent yet",
    stuck: (count: number) => `${count} of your taps could not be sent. They are lost if you sign out now.`,
    drop: "Sign out all the same",
  },
  settingsPage: {
    intro: "On the machine that serves this page nothing needs to be set.",
    backend: "Address of the backend",
    services: "Separate addresses of services",
    save: "Save and reload",
    clear: "Clear settings",
    confirmTitle: "Use other servers?",
    confirm: (hosts: string) => `A link wants this app to talk to ${hosts}. Agree only if you trust it: what you enter goes there.`,
    agree: "Use these servers",
    refuse: "No, ignore the link",
  },
  problems: {
    NotAuthorizedException: "E-mail or password is wrong.",
    UserNotConfirmedException: "Please confirm your e-mail address first.",
    UsernameExistsException: "There is an account with this e-mail already. Sign in, enter the code you were sent, or set a new password.",
    CodeMismatchException: "This code is not right.",
    ExpiredCodeException: "This code has run out. Ask for a new one.",
    InvalidPasswordException: "Please choose a longer or less common password.",
    TooManyRequestsException: "Too many tries: not checked. Please wait a little.",
    LimitExceededException: "Too many tries. Please wait a little.",
  } satisfies Record<UserPoolError, string>,
};

/** The shape of the texts all apps share. */
export type CommonWords = Translated<typeof words>;
