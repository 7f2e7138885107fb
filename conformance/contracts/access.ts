/** What pairing (services.A1 to services.A6), guests (services.G1, services.G2) and their limits promise, over any tables and any user pool. */
import type { Identities, Item, Tables } from "@serverlesspresso/ports";
import { expect } from "vitest";
import { type AccessOfPlace, type Answer, claimsOf, openAccessBar, refusal } from "./access-bar.ts";
import { describeContract, type Place } from "./contract.ts";

const statuses = (answers: readonly Answer[], status: number): number => answers.filter(({ statusCode }) => statusCode === status).length;
const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));
const failing = (name: string): Identities => ({
  signInWithoutPassword: () => Promise.reject(Object.assign(new Error(name), { name })),
});

/** The contract of access without a password. */
export function describeAccessContract(place: Place<AccessOfPlace>): void {
  describeContract("access without a password", place, ({ check }) => {
    check(
      "services.A1: tokens go to who holds the secret, once an operator has confirmed the code, in group `admin` alone",
      async (client) => {
        const { start, poll, confirm } = await openAccessBar(client);
        const { code, secret } = await start("  Counter \u202e\n 1 ");
        expect(code).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
        expect(await poll(secret)).toMatchObject({ statusCode: 202, body: { status: "waiting" } });
        expect(await confirm(code)).toMatchObject({ statusCode: 200, body: { deviceName: "Counter 1", userId: expect.any(String) } });
        const answer = await poll(secret);
        expect([answer.statusCode, claimsOf(answer)["cognito:groups"]]).toEqual([200, ["admin"]]);
        expect(client.users("Counter 1")).toEqual([{ id: claimsOf(answer).sub }]);
      },
    );

    check("services.A1: the code without its secret gives nothing", async (client) => {
      const { start, poll, confirm } = await openAccessBar(client);
      const { code, secret } = await start();
      await confirm(code);
      const wrong = [code, `${code}-x`, `${secret}x`, secret.slice(0, -1), `ZZZZZZ${secret.slice(6)}`, "x"];
      for (const one of wrong) expect(await poll(one)).toMatchObject({ statusCode: 410, ...refusal("code-expired") });
      expect(await poll()).toMatchObject({ statusCode: 401, headers: { "www-authenticate": "Bearer" }, ...refusal("not-signed-in") });
    });

    check("a code may be typed in lower case, with spaces and dashes; a device without a name has one", async (client) => {
      const { start, confirm } = await openAccessBar(client);
      const { code } = await start(" \u202e . ");
      expect(await confirm(` ${code.slice(0, 3)}-${code.slice(3).toLowerCase()} `)).toMatchObject({ body: { deviceName: "Device" } });
    });

    check("services.A2: a code is confirmed once, and lives ten minutes", async (client) => {
      const { start, poll, confirm, clock } = await openAccessBar(client);
      const [used, old] = [await start(), await start()];
      await confirm(used.code);
      expect(await confirm(used.code, "another")).toMatchObject({ statusCode: 400, ...refusal("unknown-code") });
      await clock.advance(599_999);
      expect((await poll(old.secret)).statusCode).toBe(202);
      await clock.advance(1);
      expect(await confirm(old.code)).toMatchObject({ statusCode: 400, ...refusal("unknown-code") });
      expect(await poll(old.secret)).toMatchObject(refusal("code-expired"));
    });

    check("services.A2: who confirmed a code gets the same answer again, at once or later, also after the delivery", async (client) => {
      const { start, poll, confirm } = await openAccessBar(client);
      const { code, secret } = await start("Twice");
      const [first, ...others] = await times(3, () => confirm(code));
      expect(first).toMatchObject({ statusCode: 200, body: { deviceName: "Twice" } });
      await poll(secret);
      expect([...others, await confirm(code)]).toEqual([first, first, first]);
    });

    check(
      "services.A2: a repeat neither makes room for another device nor uses up a try, and adds nothing to the minute",
      async (client) => {
        const { start, tryStart, poll, confirm, clock } = await openAccessBar(client);
        const { code, secret } = await start();
        await times(199, (at) => tryStart("Many", `198.51.100.${at}`));
        for (let at = 0; at < 22; at++) expect((await confirm(code)).statusCode).toBe(200);
        expect((await tryStart("Late", "203.0.113.1")).statusCode).toBe(201);
        expect(await tryStart("Late", "203.0.113.1")).toMatchObject(refusal("too-many-requests", 600));
        await poll(secret);
        await clock.advance(59_999);
        expect((await confirm(code)).statusCode).toBe(200);
        await clock.advance(1);
        expect(await confirm(code)).toMatchObject(refusal("unknown-code"));
        expect(await poll(secret)).toMatchObject(refusal("code-expired"));
      },
    );

    check("services.A6: a device let in at its code's end has a minute for its tokens", async (client) => {
      const { start, poll, confirm, clock } = await openAccessBar(client);
      const [{ code, secret }, late] = [await start("Late"), await start()];
      await clock.advance(599_999);
      await confirm(code);
      await confirm(late.code);
      await clock.advance(59_999);
      expect((await poll(secret)).statusCode).toBe(200);
      await clock.advance(1);
      expect(await poll(late.secret)).toMatchObject(refusal("code-expired"));
    });

    check("services.A2: of two operators at once one lets the device in", async (client) => {
      const { start, confirm } = await openAccessBar(client);
      const { code } = await start();
      const answers = await times(4, (at) => confirm(code, `operator-${at}`));
      expect([statuses(answers, 200), statuses(answers, 400)]).toEqual([1, 3]);
    });

    check("services.A2: of wrong codes at once twenty are looked at, then that operator waits, and no other does", async (client) => {
      const { start, confirm, clock } = await openAccessBar(client);
      const answers = await times(30, (at) => confirm(at % 2 === 0 ? "ZZZZZZ" : "none", "guesser"));
      expect([statuses(answers, 400), statuses(answers, 429)]).toEqual([20, 10]);
      await clock.advance(60_000);
      const { code } = await start();
      expect(await confirm(code, "guesser")).toMatchObject(refusal("too-many-requests", 840));
      expect((await confirm(code, "another")).statusCode).toBe(200);
      await clock.advance(840_000);
      expect((await confirm((await start()).code, "guesser")).statusCode).toBe(200);
    });

    check("services.L1: right codes count for nothing", async (client) => {
      const { start, confirm } = await openAccessBar(client);
      for (let at = 0; at < 22; at++) expect((await confirm((await start()).code)).statusCode).toBe(200);
    });

    check("services.A3: a lost answer is given again for a minute, for the same user, also at the code's end", async (client) => {
      const { start, poll, confirm, clock } = await openAccessBar(client);
      const { code, secret } = await start("Lost");
      await confirm(code);
      await clock.advance(599_000);
      const first = await poll(secret);
      await clock.advance(59_999);
      expect(claimsOf(await poll(secret)).sub).toBe(claimsOf(first).sub);
      await clock.advance(1);
      expect(await poll(secret)).toMatchObject(refusal("code-expired"));
      expect(client.users("Lost")).toHaveLength(1);
    });

    check("services.A4: there is no user before the first delivery, and one however many poll at once", async (client) => {
      const { start, poll, confirm } = await openAccessBar(client);
      const { code, secret } = await start("Raced");
      await confirm(code);
      expect(client.users("Raced")).toEqual([]);
      const answers = await times(5, () => poll(secret));
      expect(statuses(answers, 200)).toBeGreaterThan(0);
      expect(statuses(answers, 200) + statuses(answers, 202)).toBe(5);
      expect((await poll(secret)).statusCode).toBe(200);
      expect(client.users("Raced")).toHaveLength(1);
    });

    check("services.A5: a delivery that failed lets the next one in at once", async (client) => {
      const { start, poll, confirm } = await openAccessBar(client);
      const { code, secret } = await start("Failed");
      await confirm(code);
      const throttled = await openAccessBar({ ...client, identities: failing("TooManyRequestsException") }, {}, 0);
      expect(await throttled.poll(secret)).toMatchObject(refusal("too-many-requests", 2));
      expect(await throttled.poll(secret)).toMatchObject(refusal("too-many-requests", 2));
      expect((await poll(secret)).statusCode).toBe(200);
    });

    check("services.A5: a delivery that was cut off lets the next one in after ten seconds", async (client) => {
      const { start, poll, confirm, clock } = await openAccessBar(client);
      const { code, secret } = await start("Cut off");
      await confirm(code);
      const begun = Promise.withResolvers<void>();
      const failed = Promise.withResolvers<never>();
      const signInWithoutPassword = (): Promise<never> => {
        begun.resolve();
        return failed.promise;
      };
      const cut = (await openAccessBar({ ...client, identities: { signInWithoutPassword } }, {}, 0)).poll(secret);
      await begun.promise;
      await clock.advance(9_999);
      expect((await poll(secret)).statusCode).toBe(202);
      await clock.advance(1);
      expect((await poll(secret)).statusCode).toBe(200);
      failed.reject(Object.assign(new Error("late"), { name: "TooManyRequestsException" }));
      expect((await cut).statusCode).toBe(429);
    });

    for (const operation of ["AdminDisableUser", "AdminDeleteUser"] as const) {
      check(`services.A4: ${operation} within the minute ends the device, and the secret makes no other`, async (client) => {
        const { start, poll, confirm } = await openAccessBar(client);
        const { code, secret } = await start(operation);
        await confirm(code);
        const { sub } = claimsOf(await poll(secret));
        await client.end(operation, sub);
        expect(await poll(secret)).toMatchObject(refusal("code-expired"));
        expect(client.users(operation)).toHaveLength(operation === "AdminDeleteUser" ? 0 : 1);
      });
    }

    check("an address gets sixty codes in a quarter of an hour; another address has its own", async (client) => {
      const { tryStart, clock } = await openAccessBar(client);
      const answers = await times(63, () => tryStart("Many", "198.51.100.1"));
      expect([statuses(answers, 201), statuses(answers, 429)]).toEqual([60, 3]);
      expect(await tryStart("Many", "198.51.100.1")).toMatchObject(refusal("too-many-requests", 900));
      expect((await tryStart("Other", "198.51.100.2")).statusCode).toBe(201);
      await clock.advance(900_000);
      expect((await tryStart("Many", "198.51.100.1")).statusCode).toBe(201);
    });

    check("two hundred devices wait; one that is let in makes room, and a refusal counts nothing for its address", async (client) => {
      const { tryStart, start, confirm, clock } = await openAccessBar(client);
      const { code } = await start();
      const answers = await times(202, (at) => tryStart("Many", `198.51.100.${at}`));
      expect([statuses(answers, 201), statuses(answers, 429)]).toEqual([199, 3]);
      for (let at = 0; at < 61; at++) expect((await tryStart("Late", "203.0.113.1")).statusCode).toBe(429);
      await confirm(code);
      expect((await tryStart("Late", "203.0.113.1")).statusCode).toBe(201);
      expect(await tryStart("Late", "203.0.113.1")).toMatchObject(refusal("too-many-requests", 600));
      await clock.advance(600_000);
      expect((await tryStart("Late", "203.0.113.1")).statusCode).toBe(201);
    });

    check("a guest has the name on the cup, without hidden characters, and no group", async (client) => {
      const { guest } = await openAccessBar(client);
      const answer = await guest(" Ana\u202e\u200b \ue000 \u2066Bea ");
      expect([answer.statusCode, claimsOf(answer)["cognito:groups"]]).toEqual([201, []]);
      expect(client.users("Ana Bea")).toEqual([{ id: claimsOf(answer).sub }]);
    });

    check("services.G1: an address and a device bring so many guests in a quarter of an hour", async (client) => {
      const { guest, clock } = await openAccessBar(client, { guestsPerAddress: 4, guestsPerDevice: 2 });
      const phone = { address: "192.0.2.7", device: "a-phone-of-22-characters" };
      const ofPhone = await times(9, () => guest("Phone", phone));
      expect([statuses(ofPhone, 201), statuses(ofPhone, 429)]).toEqual([2, 7]);
      const ofAddress = await times(4, () => guest("Address", { address: "192.0.2.7", device: "short" }));
      expect([statuses(ofAddress, 201), statuses(ofAddress, 429)]).toEqual([2, 2]);
      expect((await guest("Elsewhere", { ...phone, address: "192.0.2.8" })).statusCode).toBe(429);
      expect((await guest("Other", { address: "192.0.2.8", device: "another-phone-of-22-characters" })).statusCode).toBe(201);
      await clock.advance(900_000);
      expect((await guest("Phone", phone)).statusCode).toBe(201);
    });

    check("services.L3: a sign-in that its device's limit refuses takes no place of its address, not even for a moment", async (client) => {
      const counted: string[] = [];
      const tables: Tables = {
        ...client.tables,
        putItem: (request) => client.tables.putItem(noted(request, request.item)),
        updateItem: (request) => client.tables.updateItem(noted(request, request.key)),
      };
      function noted<Request>(request: Request, { PK }: Item): Request {
        counted.push(String(PK).replace(/#[^#]*$/, ""));
        return request;
      }
      const { guest } = await openAccessBar({ ...client, tables }, { guestsPerAddress: 4, guestsPerDevice: 1 });
      const phone = { address: "192.0.2.10", device: "one-phone-of-22-characters" };
      expect((await guest("Phone", phone)).statusCode).toBe(201);
      counted.length = 0;
      expect((await guest("Phone", phone)).statusCode).toBe(429);
      expect([...new Set(counted)]).toEqual(["limit#guest-of"]);
    });

    check("services.G2: a sign-in that failed counts for nothing: a name that shows nothing, a pool in a rush", async (client) => {
      const { guest } = await openAccessBar(client, { guestsPerAddress: 1 });
      const address = "192.0.2.9";
      for (const _ of [1, 2]) expect(await guest("\ue000", { address })).toMatchObject({ statusCode: 422, ...refusal("invalid-body") });
      const rush = await openAccessBar({ ...client, identities: failing("TooManyRequestsException") }, { guestsPerAddress: 1 }, 0);
      for (const _ of [1, 2]) expect(await rush.guest("Ada", { address })).toMatchObject(refusal("too-many-requests", 2));
      expect((await guest("Ada", { address })).statusCode).toBe(201);
    });

    check("where guests are not let in, a name is not enough", async (client) => {
      const { guest } = await openAccessBar(client, { guestsAllowed: false });
      expect(await guest("Ada")).toMatchObject({ statusCode: 403, ...refusal("accounts-required") });
    });
  });
}
