import type { ProblemSlug } from "@serverlesspresso/blueprint/api/problems.ts";
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
  settings: "Settings",
  back: "Back",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  retry: "Try again",
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
    changePassword: "Set password",
    signOut: "Sign out",
    ended: "Your sign-in has ended. Please sign in again.",
    adminOnly: "This account does not belong to the bar's staff.",
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
    "unknown-code": "The bar does not know this code. Please scan the one on the display.",
    "not-signed-in": "Please sign in again.",
    "not-allowed": "This is not allowed with your account.",
    "accounts-required": "The bar asks for an account. Please sign in with e-mail and password.",
    "order-not-found": "This order does not exist.",
    "order-limit": "You have as many open orders as the bar allows. Finish one first.",
    "daily-limit": "You have had all the drinks the bar serves one guest a day. See you tomorrow!",
    "order-not-ready": "The order is not ready for this yet. Please try again.",
    "order-busy": "Somebody changed this order at the same moment. Please look again.",
    "order-finished": "This order is already finished.",
    "order-not-placed": "No drink has been chosen yet.",
    "order-timed-out": "The time for this order was over.",
    "order-already-placed": "This order already has its drink.",
    "order-already-claimed": "Another barista is making this one.",
    "order-not-being-made": "Nobody is making this order.",
    "order-not-completed": "This order is not ready to be called.",
    "code-expired": "This code has run out. Please scan the new one on the display.",
    "wrong-order": "The bar cannot make this drink as ordered. Perhaps it has just sold out.",
    "invalid-body": "Something in this order is not right. Please check it.",
    "no-drinks-left": "All drinks of this code are taken. Watch the display for the next code.",
    "too-many-wrong-codes": "Too many wrong codes. Please wait a minute.",
    "too-many-requests": "A lot is going on right now. Please try again in a moment.",
    "internal-error": "The bar's computer stumbled. Please try again.",
    "shop-closed": "The bar is closed at the moment.",
    unavailable: "The bar's computer is catching its breath. Please try again in a moment.",
    NotAuthorizedException: "E-mail or password is wrong.",
    UserNotConfirmedException: "Please confirm your e-mail address first.",
    UsernameExistsException: "There is an account with this e-mail already.",
    CodeMismatchException: "This code is not right.",
    ExpiredCodeException: "This code has run out. Ask for a new one.",
    InvalidPasswordException: "Please choose a longer or less common password.",
    TooManyRequestsException: "Too many tries. Please wait a little.",
    LimitExceededException: "Too many tries. Please wait a little.",
  } satisfies Partial<Record<ProblemSlug | UserPoolError, string>>,
};

export type CommonWords = Translated<typeof words>;
