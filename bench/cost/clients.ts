/** What the apps ask of the API, as they do it: every call is real, and counted under its route's name. */
import { blueprint } from "@serverlesspresso/blueprint";
import { callApi, type Person, signInGuest } from "../../test/support/api.ts";
import type { Counter } from "./counts.ts";

/** How often a phone links to the live messages for one order: without a token, as the guest, and once more after a pause. */
export const phoneLinks = 3;

export interface Client {
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** @throws {Error} where an answer is not a success: a journey that went wrong is not counted */
export function client(counter: Counter, url: string, person?: Person): Client {
  return {
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const answer = await callApi<T>(url, person?.token, method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      countRequest(counter, method, path, JSON.stringify(answer.body).length);
      return answer.body;
    },
  };
}

function countRequest({ add }: Counter, method: string, path: string, bytes: number): void {
  const name = operationOf(method, path.split("?")[0] as string);
  add("http", name);
  add("http.bytes", name, bytes);
}

function operationOf(method: string, path: string): string {
  const matches = (pattern: string): boolean => new RegExp(`^${pattern.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
  const route = blueprint.routes.find((route) => route.method === method && matches(route.path));
  if (route === undefined) throw new RangeError(`${method} ${path} is no route of the blueprint's`);
  return route.operationId;
}

export interface Phone {
  readonly person: Person;
  scan(code: string): Promise<string>;
  place(orderId: string): Promise<void>;
  cancel(orderId: string): Promise<void>;
}

/** A guest's phone: the menu, the sign-in, and the snapshot on each link. */
export async function openPhone(counter: Counter, url: string): Promise<Phone> {
  const nobody = client(counter, url);
  await nobody.call("GET", "/config");
  const person = await signInGuest(url, "Ada");
  countRequest(counter, "POST", "/guests", 3_000);
  const guest = client(counter, url, person);
  for (let link = 1; link < phoneLinks; link++) {
    await guest.call("GET", "/config");
    await guest.call("GET", "/myOrders");
  }
  counter.add("iot.link", "phone", phoneLinks);
  const act = async (orderId: string, action: string, body: unknown): Promise<void> => {
    await guest.call("PUT", `/orders/${orderId}?action=${action}`, body);
    await guest.call("GET", `/orders/${orderId}`);
  };
  return {
    person,
    async scan(code) {
      const { orderId } = await guest.call<{ orderId: string }>("POST", `/qr-code?token=${encodeURIComponent(code)}`);
      await guest.call("GET", `/orders/${orderId}`);
      return orderId;
    },
    place: (orderId) => act(orderId, "placeOrder", { drink: "Latte", modifiers: ["Oat"], name: "Ada Lovelace", note: "not too hot" }),
    cancel: (orderId) => act(orderId, "cancelOrder", { reason: "changed my mind" }),
  };
}
